"""The lock check finds what it is for."""

from tests.tools.locks import problems


def test_a_good_lock() -> None:
    assert (
        problems(
            "requirements.lock",
            "a==1 \\\n    --hash=sha256:00\nb==2 ; python_version < '3' \\\n    --hash=sha256:01\n",
        )
        == []
    )


def test_addresses_loose_pins_and_missing_hashes() -> None:
    assert problems(
        "requirements.lock", "--index-url https://example.org\na>=1 --hash=sha256:00\nb==2\n"
    ) == [
        "requirements.lock:1: names an address: --index-url https://example.org",
        "requirements.lock: --index-url has no hash",
        "requirements.lock: b==2 has no hash",
        "requirements.lock: --index-url is not pinned",
        "requirements.lock: a>=1 is not pinned",
    ]


def test_front_end_addresses() -> None:
    assert problems(
        "package-lock.json", '"resolved": "https://example.org/a.tgz"\n"url": "https://example.org"'
    ) == ['package-lock.json:1: names an address: "resolved": "https://example.org/a.tgz"']
