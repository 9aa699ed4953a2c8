"""How bundles that came are told to a person."""

from monespace_cli.commands.exchanges import ins_words


def test_an_ins_that_came_with_a_wrong_key_is_shown_with_a_warning() -> None:
    assert ins_words("255069999999934") == "255069999999934"
    assert ins_words("255069999999935").startswith("255069999999935 (its key does not fit")
    assert ins_words(None) == "none"
