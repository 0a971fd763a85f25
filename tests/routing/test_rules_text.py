"""Rules are changed one at a time in their text; whatever is not touched stays as it was written."""

from helpdesk.routing import rules_text
from helpdesk.routing.problems import Problems
from helpdesk.routing.rulebook import read_rules
from helpdesk.routing.rules import Rule
from tests.routing.rulebooks import SMALL, a_small_rulebook

HEAD = "# Le haut du fichier.\n\n"
FIRST = (
    '# Une raison.\n[[rule]]\nname = "bourse"\ntopic = ["teleservices"] # ici\nservice = "scolarite"\nbecause = "b"\n'
)
LAST = '[[rule]]\nname = "reste"\nservice = "triage-national"\nbecause = "c"\n'
TEXT = HEAD + FIRST + "\n" + LAST
NEW = Rule(
    name="soir",
    service="assistance-08",
    because='un « texte » avec "guillemets" et \\',
    named=True,
    conditions={"academy": ("28", "aucune"), "days": ("lundi",)},
    words=("pas reçu", "code + sms"),
    hours="18:00-08:00",
)


def rules_of(text: str) -> tuple[Rule, ...]:
    rules, problems = read_rules(a_small_rulebook(), text)
    assert problems == []
    return rules


def test_a_rule_is_read_again_as_it_was_written() -> None:
    text = rules_text.inserted(TEXT, rules_of(TEXT), 1, NEW)

    assert rules_of(text)[1] == NEW


def test_a_new_rule_touches_no_other_line() -> None:
    text = rules_text.inserted(TEXT, rules_of(TEXT), 1, NEW)

    assert text.startswith(HEAD + FIRST)
    assert text.endswith("\n\n" + LAST)


def test_a_changed_rule_keeps_the_comment_above_it() -> None:
    text = rules_text.replaced(TEXT, rules_of(TEXT), 0, NEW)

    assert text.startswith(HEAD + '# Une raison.\n[[rule]]\nname = "soir"\n')
    assert [rule.name for rule in rules_of(text)] == ["soir", "reste"]


def test_a_rule_moves_with_its_comment_and_back_again() -> None:
    three = rules_text.inserted(TEXT, rules_of(TEXT), 1, NEW)

    down = rules_text.moved(three, rules_of(three), 0, 1)

    assert [rule.name for rule in rules_of(down)] == ["soir", "bourse", "reste"]
    assert FIRST in down
    assert rules_text.moved(down, rules_of(down), 1, -1) == three


def test_a_rule_at_the_edge_goes_no_further() -> None:
    assert rules_text.moved(TEXT, rules_of(TEXT), 0, -1) == TEXT


def test_a_removed_rule_takes_its_comment_along() -> None:
    three = rules_text.inserted(TEXT, rules_of(TEXT), 1, NEW)

    assert rules_text.removed(three, rules_of(three), 1) == TEXT
    assert "Une raison" not in rules_text.removed(three, rules_of(three), 0)


def test_a_text_that_hides_its_rules_from_the_eye_is_written_anew() -> None:
    """The heading of a rule inside a text, and a rule in one line: neither may be cut there."""
    tricky = f'{HEAD}rule = [\n  {{name = "a", service = "triage-national", because = """\n[[rule]]\n"""}},\n]\n'
    rules, _problems = read_rules(a_small_rulebook(), tricky)

    text = rules_text.inserted(tricky, rules, 0, NEW)

    assert text.startswith(HEAD + "[[rule]]")
    assert [rule.name for rule in rules_of(text)] == ["soir", "a"]


def test_the_line_of_a_problem_is_where_its_word_stands() -> None:
    wrong = TEXT.replace('"teleservices"', '"telescope"').replace("triage-national", "triage")

    _rules, problems = read_rules(a_small_rulebook(), wrong)

    lines = {rules_text.line_of(problem, wrong) for problem in problems if "existe pas" in problem}
    assert lines == {6, 12}


def test_the_line_of_broken_toml_is_that_of_the_reader() -> None:
    wrong = TEXT.replace('name = "reste"', 'name = "reste')

    (problem,) = read_rules(a_small_rulebook(), wrong)[1]

    assert rules_text.line_of(problem, wrong) == 11


def test_a_problem_of_the_whole_text_has_no_line() -> None:
    problems = Problems("routing.toml")
    problems.add("la dernière règle doit être sans condition")

    assert rules_text.line_of(problems.found[0], SMALL["routing.toml"]) is None
