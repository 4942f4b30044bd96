import shutil
from pathlib import Path

import pytest

from august.kernel.rulebook import SeedError
from august.market.seeds import specs
from august.settings import SEEDS


@pytest.mark.parametrize(
    ("file", "old", "new", "saying"),
    [
        ("worlds/furniture.yaml", "share: 18", "share: 19", "must sum to 100"),
        ("worlds/furniture.yaml", "sofa_beds: 5", "sofa_bed: 5", "unknown leaf 'sofa_bed'"),
        ("worlds/furniture.yaml", "code: furniture", "code: chairs", "the code must be the file's name"),
        ("worlds/apparel.yaml", "origin: guangzhou", "origin: atlantis", "unknown origin 'atlantis'"),
        ("worlds/apparel.yaml", "no_sample: 8", "no_samples: 8", "Invalid enum value"),
        ("market/rivals.yaml", "industry: lighting", "industry: lights", "unknown industry 'lights'"),
        ("market/policies.yaml", "template: partly", "template: nowhere", "no template 'nowhere'"),
        ("market/policies.yaml", "[US, GB, DE, AU]", "[US, GB, DE, XX]", "does not go to XX"),
        ("market/names.yaml", "[PL, CZ]", "[PL, CZ, US]", "every country belongs to one culture"),
        ("market/names.yaml", "countries: [PL, CZ]", "countries: [PL]", "one culture: CZ"),
        ("market/names.yaml", "  beds: [", "  bed: [", "leaf 'beds' has no nouns"),
    ],
)
def test_a_wrong_seed_is_refused_by_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, saying: str
) -> None:
    for folder in ("worlds", "market"):
        shutil.copytree(SEEDS / folder, tmp_path / folder)
    wrong = tmp_path / file
    text = wrong.read_text("utf-8")
    assert old in text
    wrong.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SeedError, match=saying) as refused:
        specs(tmp_path)
    assert refused.value.file == wrong
    assert refused.value.line >= 1
