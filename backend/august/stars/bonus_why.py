"""Why bonus points were given or not: strength on the merchant ability (S3), local service on trade (S6)."""

from collections.abc import Mapping, Sequence

import msgspec

from august.kernel.explain import Node, money
from august.kernel.words import N_, Phrase
from august.stars.bonus import Bonus, BonusRules, MachineryRules, TradeRow

# What an industry is called in both languages, by its code.
Names = Mapping[str, Mapping[str, str]]

PROOFS: Mapping[str, str] = {
    "trademark": N_("Trademark, patent or listed certificate"),
    "fortune500": N_("Cooperation with a Fortune 500 company"),
    "aeo": N_("AEO certification"),
    "oem": N_("OEM for a big brand"),
    "overseas_after_sales": N_("Overseas after-sales service"),
    "models_3d": N_("3D models for interiors"),
    "software_copyright": N_("Software copyright"),
    "overseas_stock": N_("Overseas stock"),
}


class Proofs(msgspec.Struct, frozen=True):
    """What a store can show for the strength bonus; `average` is its growth average as it is written."""

    industry: str
    average: str
    export_cents: int
    professional: Sequence[str]
    services: Sequence[str]
    verified: bool
    cases: int

    def earned(self, rules: BonusRules) -> Bonus:
        """The points once the bonus is open; cases count only with a verified capability."""
        cases = self.cases if self.verified else 0
        return rules.earned(self.export_cents, self.professional, self.services, cases, self.industry)


def explain_strength(proofs: Proofs, bonus: Bonus, rules: BonusRules, names: Names) -> Node:
    """Tell what opened the bonus, what each proof earned and where a cap cut in (S3)."""
    return Node(
        N_("Strength bonus on the merchant ability of the Customization track: +{points}"),
        {"points": bonus.total},
        rule="S3",
        children=(
            _gate(proofs, bonus, rules),
            _export(proofs, rules),
            _professional(proofs, rules),
            _services(proofs, rules, names),
            _together(proofs.earned(rules), bonus, rules),
        ),
        outcome="ok" if bonus.total else "bad",
    )


def _gate(proofs: Proofs, bonus: Bonus, rules: BonusRules) -> Node:
    params = {"average": proofs.average, "least": rules.growth_least}
    if bonus.open:
        text = N_("The growth average of the Customization products, {average}, is at least {least}.")
        return Node(text, params, rule="S3", outcome="ok")
    return Node(
        N_(
            "The growth average of the Customization products, {average}, is below {least}: "
            "the bonus is not open."
        ),
        params,
        rule="S3",
        outcome="bad",
        remedy=N_("Raise the growth scores of the Customization products."),
    )


def _export(proofs: Proofs, rules: BonusRules) -> Node:
    made = money(proofs.export_cents, "USD")
    reached = [each for each in rules.export if proofs.export_cents >= each.least_cents]
    tiers = tuple(_tier(each.least_cents, each.points, each in reached) for each in rules.export)
    points = min(rules.export_cap, max((each.points for each in reached), default=0))
    params = {"amount": made, "points": points, "cap": rules.export_cap}
    text = N_("Export strength, {amount} verified a year: {points} of at most {cap}")
    return Node(text, params, rule="S3", children=tiers, outcome="ok" if points else "bad")


def _tier(least: int, points: int, reached: bool) -> Node:  # noqa: FBT001 - a fact about the tier
    params = {"least": money(least, "USD"), "points": points}
    return Node(N_("From {least}: {points} points"), params, rule="S3", outcome="ok" if reached else "bad")


def _professional(proofs: Proofs, rules: BonusRules) -> Node:
    lines = tuple(
        _proof(kind, points if kind in proofs.professional else 0)
        for kind, points in rules.professional.items()
    )
    points = sum(rules.professional[kind] for kind in proofs.professional)
    return _class(
        N_("Professional strength: {points} of at most {cap}"), points, rules.professional_cap, lines
    )


def _services(proofs: Proofs, rules: BonusRules, names: Names) -> Node:
    lines = []
    points = 0
    for kind, rule in rules.services.items():
        if kind in proofs.services and not rule.counts_in(proofs.industry):
            where = [names[code] for code in rule.industries]
            text = N_("{proof}: counts only in {industries}")
            params = {"proof": Phrase(PROOFS[kind]), "industries": where}
            lines.append(Node(text, params, rule="S3", outcome="bad"))
            continue
        earned = rule.points if kind in proofs.services else 0
        points += earned
        lines.append(_proof(kind, earned))
    if rules.engineering is not None:
        lines.append(_engineering(proofs, rules, names))
        points += rules.case_points(proofs.cases if proofs.verified else 0, proofs.industry)
    return _class(N_("Industry service: {points} of at most {cap}"), points, rules.service_cap, tuple(lines))


def _engineering(proofs: Proofs, rules: BonusRules, names: Names) -> Node:
    """The capability that is new in 5.1: where it counts, verified or not, and what the cases earn."""
    engineering = rules.engineering
    if engineering is None or proofs.industry not in engineering.industries:
        where = [names[code] for code in engineering.industries] if engineering else []
        text = N_("Engineering capability: counts only in {industries}")
        return Node(text, {"industries": where}, rule="S3", outcome="note")
    if not proofs.verified:
        return Node(
            N_("Engineering capability: not verified"),
            rule="S3",
            outcome="bad",
            remedy=N_("Have the engineering capability verified and submit cases."),
        )
    points = rules.case_points(proofs.cases, proofs.industry)
    further = next((each for each in engineering.cases if each.least > proofs.cases), None)
    if further is None:
        text = N_("Engineering capability, verified; cases: {cases}, +{points}")
        return Node(text, {"cases": proofs.cases, "points": points}, rule="S3", outcome="ok")
    params = {"cases": proofs.cases, "points": points, "least": further.least, "more": further.points}
    text = N_("Engineering capability, verified; cases: {cases}, +{points}; from {least} on +{more}")
    return Node(text, params, rule="S3", outcome="ok" if points else "bad")


def _proof(kind: str, points: int) -> Node:
    proof = Phrase(PROOFS[kind])
    if points:
        return Node(N_("{proof}: +{points}"), {"proof": proof, "points": points}, rule="S3", outcome="ok")
    return Node(N_("{proof}: no verified proof"), {"proof": proof}, rule="S3", outcome="note")


def _class(text: str, points: int, cap: int, lines: tuple[Node, ...]) -> Node:
    """One class of proofs, with a word about its cap where that cuts in."""
    if points > cap:
        cut = N_("Together {sum}, which the cap leaves at {cap}.")
        lines = (*lines, Node(cut, {"sum": points, "cap": cap}, rule="S3", outcome="note"))
    params = {"points": min(points, cap), "cap": cap}
    return Node(text, params, rule="S3", children=lines, outcome="ok" if points else "bad")


def _together(earned: Bonus, bonus: Bonus, rules: BonusRules) -> Node:
    params = {
        "export": earned.export,
        "professional": earned.professional,
        "service": earned.service,
        "total": earned.total,
        "cap": rules.total_cap,
    }
    if not bonus.open:
        text = N_(
            "Once open: {export} + {professional} + {service}, at most {cap} together, would be {total}."
        )
        return Node(text, params, rule="S3", outcome="note")
    text = N_("{export} + {professional} + {service}, at most {cap} together: {total}")
    return Node(text, params, rule="S3", outcome="ok")


def explain_machinery(
    cents: int, star: int, industry: str, rules: MachineryRules | None, names: Names
) -> Node:
    """Tell which row a store reaches with its trade star before the bonus, or why none (S6)."""
    row = rules.row(cents, star, industry) if rules else None
    points = row.points if row else 0
    return Node(
        N_("Local machinery service bonus on the trade ability of the Customization track: +{points}"),
        {"points": points},
        rule="S6",
        children=_rows(cents, star, industry, rules, names),
        outcome="ok" if points else "bad",
    )


def _rows(
    cents: int, star: int, industry: str, rules: MachineryRules | None, names: Names
) -> tuple[Node, ...]:
    if rules is None:
        return (Node(N_("This bonus is not in force yet."), rule="S6", outcome="bad"),)
    if industry != rules.industry:
        params = {"industry": names[rules.industry], "own": names[industry]}
        text = N_("It is for stores whose main industry is {industry}; this one's is {own}.")
        return (Node(text, params, rule="S6", outcome="bad"),)
    if all(each.star != star for each in rules.rows):
        text = N_("There is no row for trade star level {star}.")
        return (Node(text, {"star": star}, rule="S6", outcome="note"),)
    return tuple(_row(each, cents, star) for each in rules.rows)


def _row(row: TradeRow, cents: int, star: int) -> Node:
    """Star and amount must fit the same row: more trade than another row asks for does not help."""
    params = {
        "star": row.star,
        "own": star,
        "least": money(row.least_cents, "USD"),
        "amount": money(cents, "USD"),
    }
    if row.star != star:
        text = N_("Trade star level {star}, from {least}: the store has level {own} before the bonus.")
        return Node(text, params, rule="S6", outcome="note")
    if cents >= row.least_cents:
        text = N_("Trade star level {star}, from {least}: {amount} in 90 days reaches it.")
        return Node(text, params, rule="S6", outcome="ok")
    text = N_("Trade star level {star}, from {least}: {amount} in 90 days falls short.")
    return Node(
        text,
        params,
        rule="S6",
        outcome="bad",
        remedy=N_("Sell more products with local after-sales service online."),
    )
