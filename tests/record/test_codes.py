from monespace_cli.record.codes import CLASS_LABELS, LOINC_OID, TRE_A05_OID, Kind, type_codes


def test_every_type_has_a_known_class_and_a_label() -> None:
    known = type_codes()
    assert len(known) > 100
    assert all(code == each.code and each.label and each.class_code in CLASS_LABELS for code, each in known.items())


def test_the_system_follows_from_the_code() -> None:
    assert type_codes()["11502-2"].system == LOINC_OID
    assert type_codes()["DOCPAT02"].system == TRE_A05_OID


def test_every_kind_has_a_type_that_is_known() -> None:
    assert all(kind.type_code in type_codes() for kind in Kind)
    assert len({kind.type_code for kind in Kind}) == len(Kind)
