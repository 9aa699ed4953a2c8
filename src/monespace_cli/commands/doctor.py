"""`monespace doctor`: check this installation and the vault's encryption."""

import typer

from monespace_cli.actions.diagnosis import Finding, Health, examine_installation, examine_vault
from monespace_cli.commands.services import services
from monespace_cli.errors import ExitCode
from monespace_cli.ingest.reader import Reader
from monespace_cli.ui.output import Output

app = typer.Typer(add_completion=False)

MARKS = {Health.GOOD: "✓", Health.NOTE: "·", Health.BAD: "✗"}


@app.command()
def doctor(context: typer.Context) -> None:
    """Check this installation: libraries, text recognition, the vault and its encryption. Each is tried, not assumed."""
    tools = services(context)
    settings = tools.settings
    with Reader(tools.clock) as reader:
        findings = list(examine_installation(reader, tools.ingest_options, settings.runtime_directory))
    findings += examine_vault(settings.vault, tools.open_vault)
    if tools.output.is_json:
        tools.output.object(
            {"type": "doctor", "checks": [{"name": f.name, "status": str(f.health), "detail": f.detail, "hint": f.hint} for f in findings]}
        )
    else:
        for finding in findings:
            _print(tools.output, finding)
    raise typer.Exit(next((f.exit_code for f in findings if f.health is Health.BAD), ExitCode.OK))


def _print(output: Output, finding: Finding) -> None:
    output.text(f"{MARKS[finding.health]} {finding.name:<20} {finding.detail}")
    if finding.hint:
        output.text(f"  {'':<20} → {finding.hint}")
