"""World files and the words, rivals and policies that worlds are grown from."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from august.catalog import lines as freight_lines
from august.catalog import taxonomy
from august.kernel.seeds import Document
from august.market.demand import Demand
from august.settings import SEEDS
from august.verified.rules import KINDS

Flaw = Literal[
    "thin_description",
    "keyword_stuffing",
    "missing_attributes",
    "fob_range",
    "no_customization",
    "no_sample",
    "no_delivery_by",
    "no_template",
    "no_package",
]
Region = Literal["mainland", "hk", "macao", "tw", "ggs"]
Membership = Literal["cgs", "qqb", "verified"]
Seat = Literal["diligent", "average", "careless"]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a seed file: unknown keys are refused."""


class Words(Strict, frozen=True):
    """What an industry's products are called and praised with; `rts` in percent."""

    rts: int
    adjectives: tuple[str, ...]
    tails: tuple[str, ...]
    benefits: tuple[str, ...]
    options: tuple[str, ...]


class Sentences(Strict, frozen=True):
    """The sentences of descriptions, with placeholders."""

    intro: tuple[str, ...]
    packing: tuple[str, ...]
    about: tuple[str, ...]
    thin: tuple[str, ...]


class Culture(Strict, frozen=True):
    """Names of people and forms of companies of some countries."""

    countries: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    forms: tuple[str, ...]


class Names(Strict, frozen=True):
    """The whole of names.yaml."""

    words: dict[str, Words]
    leaves: dict[str, tuple[str, ...]]
    descriptions: Sentences
    channels: tuple[str, ...]
    cultures: dict[str, Culture]
    company_brands: tuple[str, ...]
    company_words: tuple[str, ...]


class TemplateLine(Strict, frozen=True):
    """A line of a template; `all` opens every country it reaches."""

    line: str
    countries: Literal["all"] | tuple[str, ...]
    delivery_by: bool


class Template(Strict, frozen=True):
    """A freight template; `share` is the percent of the store's products that use it."""

    name: str
    lines: tuple[TemplateLine, ...]
    share: int = 100


class Showing(Strict, frozen=True):
    """How a store of a policy fills its showcase: percent of the slots, and what it chooses by."""

    percent: int
    by: Literal["growth", "mixed", "luck"]


class Joining(Strict, frozen=True):
    """How a rival of a policy joins the festival: percent of what qualifies, and percent off its limit."""

    percent: int
    cheaper: int


class LocalService(Strict, frozen=True):
    """How many Machinery products promise local after-sales service (a count or percent), and where."""

    share: int
    countries: tuple[str, ...]


class ProofHabits(Strict, frozen=True):
    """What rivals of a policy had verified: percents by kind, dollars from and to, cases at most."""

    chances: dict[str, int]
    export_usd: tuple[int, int]
    cases: int


class Policy(Strict, frozen=True):
    """What a store of a policy let slip: percent of its products; what it shows and had verified."""

    template: str
    drafts: int
    off_shelf: int
    showcase: Showing
    festival: Joining
    local_service: LocalService
    flaws: dict[Flaw, int]
    proofs: ProofHabits


Span = tuple[float, float]


class Days(Strict, frozen=True):
    """What a store of a policy does day by day; spans are least and most, see policies.yaml."""

    reply: Span
    silent: float
    draft: Span
    concede: float
    ship: Span
    invite: float
    invite_days: Span
    answer: Span
    restock: float
    skill: float


class Policies(Strict, frozen=True):
    """The whole of policies.yaml."""

    policies: dict[Seat, Policy]
    days: dict[Seat, Days]
    templates: dict[str, Template]


class Rival(Strict, frozen=True):
    """A store that nobody plays."""

    code: str
    name_zh: str
    name_en: str
    brand: str
    region: Region
    membership: Membership
    industry: str
    policy: Seat
    origin: str
    products: int


class Rivals(Strict, frozen=True):
    """The whole of rivals.yaml."""

    rivals: tuple[Rival, ...]


class GivenProof(Strict, frozen=True):
    """A proof that the played store brings along, verified; dollars are for the export figure alone."""

    kind: str
    export_usd: int | None = None


class PlayerStore(Strict, frozen=True):
    """The store that is played; `drafts` and `off_shelf` are counts of products."""

    code: str
    name_zh: str
    name_en: str
    brand: str
    region: Region
    membership: Membership
    member_until: str
    industry: str
    origin: str
    drafts: int
    off_shelf: int
    # How the store was run before it is played, and its sub-accounts.
    past: Seat
    staff: tuple[dict[str, str], ...]


class WorldFile(Strict, frozen=True):
    """A world file; `leaves`, `flaws`, `local_service` count the player's products, `rts` is percent."""

    code: str
    title: dict[str, str]
    text: dict[str, str]
    player: PlayerStore
    buyers: int
    leaves: dict[str, int]
    rts: int
    flaws: dict[Flaw, int]
    templates: tuple[Template, ...]
    local_service: LocalService | None = None
    proofs: tuple[GivenProof, ...] = ()


class WorldSpec(msgspec.Struct, frozen=True):
    """Everything a world is grown from, checked."""

    file: WorldFile
    names: Names
    policies: Policies
    rivals: tuple[Rival, ...]


@cache
def specs(seeds: Path = SEEDS) -> dict[str, WorldSpec]:
    """Every world of a folder by code, made of the product's own categories and lines.

    SeedError names file and line of what is wrong.
    """
    tree, book = taxonomy.standing(), freight_lines.standing()
    names = Document(seeds / "market" / "names.yaml", Names)
    policies = Document(seeds / "market" / "policies.yaml", Policies)
    rivals = Document(seeds / "market" / "rivals.yaml", Rivals)
    _check_names(names, tree, book)
    for name, template in policies.value.templates.items():
        _check_template(policies, f"$.templates.{name}", template, book)
    for seat, policy in policies.value.policies.items():
        _check_kinds(policies, f"$.policies.{seat}.proofs.chances", policy.proofs.chances)
        if policy.template not in policies.value.templates:
            raise policies.error(f"$.policies.{seat}.template", f"no template {policy.template!r}")
        place = f"$.policies.{seat}.local_service.countries"
        _check_countries(policies, place, policy.local_service.countries, book)
    for i, rival in enumerate(rivals.value.rivals):
        _check_store(rivals, f"$.rivals[{i}]", rival, tree, book)
    found: dict[str, WorldSpec] = {}
    for path in sorted((seeds / "worlds").glob("*.yaml")):
        world = Document(path, WorldFile)
        _check_world(world, tree, book)
        found[world.value.code] = WorldSpec(world.value, names.value, policies.value, rivals.value.rivals)
    return found


def market_numbers(seeds: Path) -> tuple[Demand, Mapping[str, Days]]:
    """The numbers of the market and of the seats' days; SeedError names file and line of what is wrong."""
    policies = Document(seeds / "market" / "policies.yaml", Policies).value
    return Document(seeds / "market" / "demand.yaml", Demand).value, {
        str(seat): each for seat, each in policies.days.items()
    }


def joining(seeds: Path) -> Mapping[str, Joining]:
    """How rivals join the festival, by policy."""
    policies = Document(seeds / "market" / "policies.yaml", Policies).value.policies
    return {str(seat): each.festival for seat, each in policies.items()}


def _check_names(names: Document[Names], tree: taxonomy.Taxonomy, book: freight_lines.LineBook) -> None:
    for code in tree.leaves:
        if not names.value.leaves.get(code):
            raise names.error("$.leaves", f"leaf {code!r} has no nouns")
    for code in names.value.leaves:
        if code not in tree.leaves:
            raise names.error(f"$.leaves.{code}", f"unknown leaf {code!r}")
    for industry in tree.industries.values():
        if industry.words not in names.value.words:
            raise names.error("$.words", f"industry {industry.code!r} has no words {industry.words!r}")
    spoken = [code for culture in names.value.cultures.values() for code in culture.countries]
    if sorted(spoken) != sorted(book.countries):
        odd = sorted(set(spoken) ^ set(book.countries)) or ["one of them twice"]
        raise names.error("$.cultures", f"every country belongs to one culture: {', '.join(odd)}")


def _check_store(
    document: Document[Rivals] | Document[WorldFile],
    place: str,
    store: Rival | PlayerStore,
    tree: taxonomy.Taxonomy,
    book: freight_lines.LineBook,
) -> None:
    if store.industry not in tree.industries:
        raise document.error(f"{place}.industry", f"unknown industry {store.industry!r}")
    if store.origin not in book.origins:
        raise document.error(f"{place}.origin", f"unknown origin {store.origin!r}")


def _check_kinds(
    document: Document[Policies] | Document[WorldFile], place: str, kinds: Iterable[str]
) -> None:
    named = list(kinds)
    for kind in named:
        if kind not in KINDS:
            raise document.error(place, f"unknown proof {kind!r}")
    if len(set(named)) != len(named):
        raise document.error(place, "a proof is named twice")


def _check_template(
    document: Document[Policies] | Document[WorldFile],
    place: str,
    template: Template,
    book: freight_lines.LineBook,
) -> None:
    for i, each in enumerate(template.lines):
        line = book.lines.get(each.line)
        if line is None:
            raise document.error(f"{place}.lines[{i}]", f"unknown line {each.line!r}")
        if each.countries != "all" and (beyond := set(each.countries) - line.zones.keys()):
            text = f"line {each.line!r} does not go to {', '.join(sorted(beyond))}"
            raise document.error(f"{place}.lines[{i}].countries", text)


def _check_countries(
    document: Document[Policies] | Document[WorldFile],
    place: str,
    countries: tuple[str, ...],
    book: freight_lines.LineBook,
) -> None:
    if unknown := [code for code in countries if code not in book.countries]:
        raise document.error(place, f"unknown countries {', '.join(unknown)}")


def _check_world(world: Document[WorldFile], tree: taxonomy.Taxonomy, book: freight_lines.LineBook) -> None:
    file = world.value
    if file.code != world.path.stem:
        raise world.error("$.code", f"the code must be the file's name, {world.path.stem!r}")
    _check_store(world, "$.player", file.player, tree, book)
    _check_kinds(world, "$.proofs", [each.kind for each in file.proofs])
    for i, proof in enumerate(file.proofs):
        if (proof.kind == "export") != (proof.export_usd is not None and proof.export_usd > 0):
            raise world.error(f"$.proofs[{i}]", "export_usd belongs to the export proof, which needs it")
    for code in file.leaves:
        if code not in tree.leaves:
            raise world.error(f"$.leaves.{code}", f"unknown leaf {code!r}")
    if file.local_service is not None:
        _check_countries(world, "$.local_service.countries", file.local_service.countries, book)
    for i, template in enumerate(file.templates):
        _check_template(world, f"$.templates[{i}]", template, book)
    if sum(template.share for template in file.templates) != 100:  # noqa: PLR2004 - percent
        raise world.error("$.templates", "the shares of the templates must sum to 100")
