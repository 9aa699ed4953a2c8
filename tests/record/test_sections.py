from monespace_cli.record.sections import FIELD_NAMES, Section, as_choice, choices
from monespace_cli.record.tables import table


def test_every_section_has_rules_and_every_list_has_values() -> None:
    for section in Section:
        assert section.rules.label
        lists = [field.choices for field in section.rules.fields if field.choices] + [section.rules.text_choices]
        assert all(choices(name) for name in lists if name)


def test_every_list_is_used() -> None:
    used = {field.choices for section in Section for field in section.rules.fields} | {section.rules.text_choices for section in Section}
    assert {row["list"] for row in table("profile_values")} == used - {""}


def test_a_field_name_can_be_an_option() -> None:
    taken = {"text", "start", "end", "comment", "document", "related", "code", "source", "unlink", "help", "json", "quiet", "vault"}
    assert not taken & set(FIELD_NAMES)


def test_capitals_and_spaces_do_not_count_in_a_value_of_a_list() -> None:
    assert as_choice("blood-group", "ab +") == "AB+"
    assert as_choice("role", "Trusted") == "trusted"
    assert as_choice("role", "nobody") == "nobody"
    assert as_choice("", "Free Words") == "Free Words"
