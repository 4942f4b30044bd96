"""The buyers a world is born with: names, companies, countries, tiers and tastes, all from keyed luck."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from august.catalog.lines import LineBook
from august.catalog.taxonomy import Taxonomy
from august.kernel.luck import Luck
from august.market.seeds import Culture, Names

# Tier, percent of buyers, and the least and most they buy online a year (US cents).
TIERS = (
    ("visitor", 10, 1, 20_000_00),
    ("L0", 34, 1, 8_000_00),
    ("L1", 28, 2_000_00, 40_000_00),
    ("L2", 17, 15_000_00, 120_000_00),
    ("L3", 7, 90_000_00, 900_000_00),
    ("L4", 4, 170_000_00, 4_000_000_00),
)
LOGISTIC = 3
FOCUS_PERCENT = 45
# Of a thousand accounts so many are closed by a penalty, so many hours after birth at least and spread over.
CLOSED_PERMILLE, CLOSED_HOURS = 5, (100, 3000)


def pick(luck: Luck, stream: str, ids: npt.NDArray[np.int64], weights: list[int]) -> npt.NDArray[np.int64]:
    """For each id the index of one weighted option."""
    bounds = np.cumsum(weights)
    return np.asarray(np.searchsorted(bounds, luck.uniforms(stream, ids) * bounds[-1], side="right"))


def buyers(
    luck: Luck, count: int, names: Names, book: LineBook, tree: Taxonomy, focus: str
) -> list[dict[str, Any]]:
    """Rows of `count` buyers over all countries, many with a taste for `focus`; company names differ."""
    ids = np.arange(1, count + 1, dtype=np.int64)
    countries = list(book.countries.values())
    where = pick(luck, "buyer.country", ids, [country.buyers for country in countries])
    # Every country has somebody, however small the world.
    where[: min(count, len(countries))] = np.arange(min(count, len(countries)))
    tiers = pick(luck, "buyer.tier", ids, [share for _, share, _, _ in TIERS])
    channels = luck.integers("buyer.channel", ids, below=len(names.channels))
    wealth = luck.uniforms("buyer.purchases", ids)
    thrift = np.round(luck.uniforms("buyer.price_sensitivity", ids), 4)
    zeal = np.round(luck.uniforms("buyer.activity", ids) ** LOGISTIC, 4)
    cultures = {code: each for each in names.cultures.values() for code in each.countries}
    industries = list(tree.industries)
    taken: set[str] = set()
    rows = []
    for i in range(count):
        number, country = i + 1, countries[where[i]].code
        culture = cultures[country]
        tier, _, least, most = TIERS[tiers[i]]
        rows.append(
            {
                "id": number,
                "name": _person(luck, number, culture),
                "company": _company(luck, number, culture, names, taken),
                "country": country,
                "tier": tier,
                "channel": names.channels[channels[i]],
                "preferences": _tastes(luck, number, industries, focus),
                "price_sensitivity": float(thrift[i]),
                "activity": float(zeal[i]),
                # Squared: most of a tier buy near its lower end. No logarithm, which machines round apart.
                "yearly_purchases_cents": least + int((most - least) * float(wealth[i]) * float(wealth[i])),
            }
        )
    return rows


def closes(luck: Luck, number: int, now: datetime) -> datetime | None:
    """When a few accounts turn out to be abusive and are closed, some time after the birth of the world."""
    if luck.integer("buyer.closed", number, below=1000) >= CLOSED_PERMILLE:
        return None
    hours = CLOSED_HOURS[0] + luck.integer("buyer.closes", number, below=CLOSED_HOURS[1])
    return now + timedelta(hours=hours)


def _person(luck: Luck, number: int, culture: Culture) -> str:
    first = luck.choice("buyer.first", number, options=culture.first)
    return f"{first} {luck.choice('buyer.last', number, options=culture.last)}"


def _company(luck: Luck, number: int, culture: Culture, names: Names, taken: set[str]) -> str:
    stems = (*culture.last, *names.company_brands)
    for attempt in range(1000):
        stem = luck.choice("buyer.stem", number, attempt, options=stems)
        word = luck.choice("buyer.word", number, attempt, options=names.company_words)
        form = luck.choice("buyer.form", number, attempt, options=culture.forms)
        company = f"{stem} {word} {form}"
        if company not in taken:
            taken.add(company)
            return company
    msg = f"no free company name for buyer {number}"
    raise ValueError(msg)


def _tastes(luck: Luck, number: int, industries: list[str], focus: str) -> dict[str, int]:
    """One to three industries, the first liked most, the shares adding up to 100.

    A world is the neighbourhood of its store: FOCUS_PERCENT of its buyers look there first.
    """
    count = 1 + luck.integer("buyer.tastes", number, below=3)
    chosen = [focus] if luck.integer("buyer.focus", number, below=100) < FOCUS_PERCENT else []
    for attempt in range(30):
        if len(chosen) == count:
            break
        each = luck.choice("buyer.taste", number, attempt, options=industries)
        if each not in chosen:
            chosen.append(each)
    shares = {1: (100,), 2: (70, 30), 3: (60, 25, 15)}[len(chosen)]
    return dict(zip(chosen, shares, strict=True))
