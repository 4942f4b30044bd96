"""The customer service center finds help, rules, announcements, categories, terms and pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from august.catalog import taxonomy
from august.features import house
from august.help import queries, seeds
from august.help.queries import Found
from august.help.web import find
from august.kernel.seeds import SeedError
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.settings import SEEDS
from august.web.i18n import speaking
from tests.tools.bare import PLAYER, bare
from tests.tools.statements import counting

MENU = [item for room in house().features for item in room.menu]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def world(store: Worlds) -> World:
    return store.create("w", "t", seed=3)


def search(world: World, query: str, kind: str = "", lang: str = "zh_CN") -> Found:
    with speaking(lang), world.reading(PLAYER) as ctx:
        return queries.search(ctx, MENU, query, kind)


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("无忧退货保障覆盖哪些行业类目", "article", "无忧退货保障覆盖哪些行业类目"),
        ("无忧退 类目", "article", "无忧退货保障覆盖哪些行业类目"),
        ("easy return categories", "article", "无忧退货保障覆盖哪些行业类目"),
        ("家用电器", "category", "家用电器"),
        ("Pet Supplies", "category", "宠物用品"),
        ("挂账", "term", "挂账（入账）"),
        ("门槛订单", "term", "门槛订单"),
        ("便捷发货", "term", "便捷发货"),
        ("怎么邀评", "article", "邀请买家评价"),
        ("怎么提升质量分", "article", "质量球与产品诊断中心"),
        ("存档", "article", "存档点与回退"),
        ("一达通公告在哪里", "article", "消息盒子与历史消息"),
        ("无忧小包", "announcement", "无忧小包优惠预告：未配置过小包线路的商家可参加"),
        ("4万美元", "announcement", "服务费 5 折：累计实收满 4 万美元后的次单起"),
        ("T2", "rule", "截止时间同时显示两个时区"),
        ("Pacific calendar day", "rule", "统计日是美西自然日"),
        ("全平台名额", "rule", "全平台名额与消耗曲线"),
        ("橱窗", "page", "橱窗"),
        ("Inquiries", "page", "询盘"),
    ],
)
def test_what_is_found_first(world: World, query: str, kind: str, name: str) -> None:
    groups = {group.kind: group for group in search(world, query).groups}
    assert groups[kind].hits[0].name == name


def test_the_question_of_the_release_is_answered_first(world: World) -> None:
    found = search(world, "无忧退货保障覆盖哪些行业类目")
    assert found.groups[0].kind == "article"
    first = found.groups[0].hits[0]
    assert (first.path, first.why) == ("/help/covered-categories", "标题完全一致")
    assert {group.kind: group.count for group in found.groups}["category"] == 29


def test_groups_count_all_and_show_the_best(world: World) -> None:
    found = search(world, "订单")
    for group in found.groups:
        assert len(group.hits) == min(group.count, queries.SHOWN)
        alone = search(world, "订单", group.kind)
        assert [each.kind for each in alone.groups] == [group.kind]
        assert len(alone.groups[0].hits) == group.count
    assert found.total == sum(group.count for group in found.groups)


def test_the_reader_s_language(world: World) -> None:
    found = next(
        group for group in search(world, "质量球", lang="en").groups if group.kind == "article"
    ).hits[0]
    assert found.name == "The quality ball and the diagnosis centre"
    assert found.why == "the whole phrase in the title"


def test_what_is_not_announced_yet_is_not_found(world: World) -> None:
    assert "announcement" not in {group.kind for group in search(world, "最后三天").groups}


@pytest.mark.parametrize("query", ["zzzz", "。。", "", "<zzz>"])
def test_nothing_found_suggests(world: World, query: str) -> None:
    found = search(world, query)
    assert found.total == 0
    assert len(found.suggestions) == len(queries.POPULAR)


def test_near_words_are_suggested(world: World) -> None:
    found = search(world, "橱窗 zzzz qqqq")
    assert found.total == 0
    assert any("橱窗" in hit.name for hit in found.suggestions)


def test_jump_to_finds_help_and_leaves_rules_and_pages_to_their_rooms(world: World) -> None:
    with speaking("en"), world.reading(PLAYER) as ctx:
        found = find(ctx, "quality ball")
        assert find(ctx, "zzzz") == []
    assert {"/help/quality-ball", "/help/glossary#quality-ball"} <= {hit.path for hit in found}
    assert {hit.kind for hit in found} <= {"Help", "Glossary", "Announcements", "Covered categories"}


def test_one_statement_beside_the_clock(world: World) -> None:
    with speaking("en"), world.reading(PLAYER) as ctx, counting() as sent:
        queries.search(ctx, MENU, "order")
    assert len(sent) == 1


def test_29_covered_categories_and_the_industries_they_are_here() -> None:
    book = seeds.standing()
    assert len({each.zh for each in book.covered.categories}) == 29
    codes = [each.code for each in book.covered.categories if each.code is not None]
    assert len(codes) == len(set(codes)) == 17
    assert {each["zh"] for each in queries.not_covered()} == {"机械", "化工", "成人用品", "商务服务"}


def test_articles_name_rules_that_exist() -> None:
    """Rules of the festival come with their rooms; the pages link those that are there."""
    known = house().rulebook
    named = {rule for article in seeds.standing().articles.values() for rule in article.rules}
    assert {rule for rule in named if rule not in known and not rule.startswith("F")} == set()
    assert len(seeds.standing().articles) >= 25
    assert set(queries.POPULAR) <= set(seeds.standing().articles)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("01-start.yaml", ("area: Home", "area: Nowhere"), "no part of the menu"),
        ("01-start.yaml", ("id: clock", "id: first-day"), "two articles"),
        ("01-start.yaml", ("[点地球图标，打开本沙盒的管理。, ", "["), "as many steps"),
        ("01-start.yaml", ("    page: /clock", "    pages: /clock"), "unknown field"),
        ("glossary.yaml", ("id: threshold-order", "id: booking"), "two terms"),
    ],
)
def test_a_wrong_seed_is_refused_with_its_line(
    tmp_path: Path, name: str, change: tuple[str, str], words: str
) -> None:
    for path in (SEEDS / "help").iterdir():
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace(*change, 1) if path.name == name else text, "utf-8")
    with pytest.raises(SeedError, match=words) as told:
        seeds.standing(tmp_path)
    assert told.value.line > 1


def test_the_covered_categories_are_those_of_the_rule() -> None:
    """F4-insurance decides; the help shows the same list."""
    rule = house().rulebook.values("F4-insurance", BORN).categories
    known = taxonomy.standing().industries
    told = [(each.code, each.zh, each.en) for each in seeds.standing().covered.categories]
    held = [(code if code in known else None, name["zh"], name["en"]) for code, name in rule.items()]
    assert told == held
