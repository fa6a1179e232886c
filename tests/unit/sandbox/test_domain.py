import pytest

from tests.unit.sandbox.asking import Ask

# The partners are 1 "Klant 001 afdeling 1", 2 "Kantoor Demo" and 3 "Klant 001 afdeling 2".


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ([], {1, 2, 3}),
        ([["name", "=", "Kantoor Demo"]], {2}),
        ([["name", "!=", "Kantoor Demo"]], {1, 3}),
        ([["id", "in", [1, 3]]], {1, 3}),
        ([["id", "not in", [1, 3]]], {2}),
        ([["name", "ilike", "KLANT"]], {1, 3}),
        ([["name", "like", "KLANT"]], set()),
        ([["name", "=ilike", "klant%1"]], {1}),
        ([["name", "not ilike", "klant"]], {2}),
        ([["id", ">", 1], ["id", "<=", 2]], {2}),
        (["|", ["id", "=", 1], ["id", "=", 2]], {1, 2}),
        (["!", ["id", "=", 1]], {2, 3}),
        (["!", "|", ["id", "=", 1], ["id", "=", 2]], {3}),
        (["&", ["id", ">=", 2], ["name", "like", "K"]], {2, 3}),
        ([["email", "=", False]], {1, 2, 3}),
        ([["email", "!=", False]], set()),
        ([["country_id.code", "=", "BE"]], {1, 2, 3}),
        ([["country_id", "ilike", "belg"]], {1, 2, 3}),
        ([["parent_id.name", "=", "x"]], set()),
    ],
)
def test_domain_finds(ask: Ask, domain: list[object], expected: set[int]) -> None:
    assert set(ask("res.partner", "search", domain)) == expected


def test_order_limit_and_offset(ask: Ask) -> None:
    assert ask("res.partner", "search", [], order="name desc") == [3, 1, 2]
    assert ask("res.partner", "search", [], order="id", limit=1, offset=1) == [2]


def test_unknown_field_at_the_end_of_a_path_is_refused(ask: Ask) -> None:
    with pytest.raises(ValueError, match="Invalid field 'nosuch'"):
        ask("res.partner", "search", [["country_id.nosuch", "=", 1]])
