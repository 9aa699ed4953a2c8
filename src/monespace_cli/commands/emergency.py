"""`monespace emergency`: for the day when the person cannot speak for themselves."""

import typer

from monespace_cli.commands import emergency_card, emergency_open

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def _group() -> None:
    pass


app.command("card")(emergency_card.card)
app.command("open")(emergency_open.open_record)
