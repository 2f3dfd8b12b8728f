"""A study's gates: each is passed by honest work and names what is wrong otherwise."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import data, project
from cnnlab.data import Dataset
from cnnlab.notebooks import notebook_folder
from cnnlab.project.baselines import BASELINES
from cnnlab.project.groups import duplicates, shared
from cnnlab.scratch import metrics

QUESTION = "Are these patches brighter on the left than on the right?"


def patches(rng, count, share=0.5, *, name="patches", licence="ours", source="made here"):
    """Patches that are brighter on the left if their label is 1."""
    labels = rng.permutation(np.arange(count) < share * count).astype(np.int64)
    images = rng.random((count, 1, 6, 6)).astype(np.float32)
    images[labels == 1, ..., :3] += 0.5
    return Dataset(images, labels, ("right", "left"), name, source, licence)


@pytest.fixture
def parts():
    rng = np.random.default_rng(0)
    return [patches(rng, count) for count in (200, 80, 80)]


def nearest_mean(train, validation, seed):
    """A model that learns: the nearer of two mean images, with a coin's help."""
    means = [train.images[train.labels == label].mean(axis=0) for label in (0, 1)]

    def predict(images):
        rng = np.random.default_rng(seed)
        distances = [((images - mean) ** 2).sum(axis=(1, 2, 3)) for mean in means]
        return np.where(rng.random(len(images)) < 0.05, 0, np.argmin(distances, axis=0))

    return predict


def honest(parts, *, metric="accuracy", groups=None, seeds=range(5)):
    study = project.Study(QUESTION, metric=metric)
    study.data(*parts, groups=groups)
    study.baseline("majority")
    study.baseline("linear")
    study.candidate("nearest mean", nearest_mean, seeds=seeds)
    table = study.open_test()
    study.report(round(table.scores[-1].mean, 2))
    return study


def report(tmp_path, sentence, shown):
    cells = [
        {"cell_type": "markdown", "source": f"## Result\n\n{sentence}"},
        {"cell_type": "code", "source": "table", "execution_count": 1,
         "outputs": [{"output_type": "stream", "text": shown}]},
    ]  # fmt: skip
    path = tmp_path / "report.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_honest_work_passes_every_gate(parts, tmp_path):
    study = honest(parts)
    told = f"{study.tested['nearest mean'].mean:.2f}"
    gates = study.gates(report(tmp_path, f"It reaches {told}.", told))
    assert bool(gates), gates
    assert {result.status for result in gates.values()} == {"pass"}


def test_an_empty_study_says_what_to_do_and_passes_nothing_by_luck():
    gates = project.Study(QUESTION).gates()
    assert [name for name, result in gates.items() if result] == ["question"]
    assert not gates
    assert all("Call" in repr(result) for name, result in gates.items() if name != "question")


@pytest.mark.parametrize("question", ["Gravel.", "Deep learning for gravel", "Why?", ""])
def test_what_is_no_question_is_refused(question):
    assert project.Study(question).gates()["question"].status == "fail"


@pytest.mark.parametrize("missing", ["licence", "source"])
def test_a_set_without_its_source_or_licence_is_refused(parts, missing):
    rng = np.random.default_rng(1)
    bare = patches(rng, 50, **{missing: ""})
    study = honest([bare, *parts[1:]])
    assert missing in study.gates()["data card"].message


@pytest.mark.parametrize("part", [1, 2])
def test_a_copy_in_training_is_found_even_if_it_is_darker(parts, part):
    copied = parts[part].images[:3] * np.float32(0.5)
    train = Dataset(
        np.concatenate([parts[0].images, copied]),
        np.concatenate([parts[0].labels, parts[part].labels[:3]]),
        parts[0].class_names, "patches", "made here", "ours",
    )  # fmt: skip
    gate = honest([train, *parts[1:]]).gates()["leak"]
    assert gate.status == "fail"
    assert "3 images" in gate.message


@pytest.mark.parametrize("examples", [20, 200])
def test_the_linear_baseline_is_ridge_regression_with_classes_that_weigh_the_same(examples):
    """With fewer examples than pixels too, where the other form of the equation is solved."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(0)
    train, new = patches(rng, examples, share=0.2), patches(rng, 50).images
    x = train.images.reshape(examples, -1).astype(float)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6

    def prepared(rows):
        return np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])

    weight = 1 / np.bincount(train.labels)[train.labels]
    ridge = linear_model.Ridge(alpha=1.0, fit_intercept=False)
    ridge.fit(prepared(x), np.eye(2)[train.labels], sample_weight=weight / weight.mean())
    expected = ridge.predict(prepared(new.reshape(50, -1))).argmax(axis=1)
    assert (BASELINES["linear"](train, train, 0)(new) == expected).all()


def test_a_class_that_training_lacks_is_never_answered(parts):
    images, labels = parts[0].images, np.zeros(len(parts[0]), np.int64)
    one = Dataset(images, labels, parts[0].class_names, "patches", "made here", "ours")
    assert not BASELINES["linear"](one, one, 0)(images).any()


@pytest.mark.parametrize("part", [1, 2])
def test_a_group_on_both_sides_is_a_leak(parts, part):
    groups = [np.arange(len(one)) + 1000 * place for place, one in enumerate(parts)]
    groups[part][0] = groups[0][0]
    gate = honest(parts, groups=tuple(groups)).gates()["leak"]
    assert gate.status == "fail"
    assert "1 group" in gate.message


def test_without_groups_the_leak_gate_says_what_it_cannot_know(parts):
    groups = tuple(np.arange(len(one)) + 1000 * place for place, one in enumerate(parts))
    bare, told = honest(parts).gates()["leak"], honest(parts, groups=groups).gates()["leak"]
    assert bare
    assert told
    assert "Give groups too" in repr(bare)
    assert "Give groups too" not in repr(told)


def test_a_test_set_that_decides_when_to_stop_is_found(parts):
    gates = honest([parts[0], parts[1], parts[1]]).gates()
    assert [name for name, result in gates.items() if result.status == "fail"] == ["stopping"]


def test_accuracy_is_refused_where_the_majority_flatters():
    rng = np.random.default_rng(0)
    rare = [patches(rng, count, share=0.1) for count in (300, 100, 100)]
    assert honest(rare).gates()["metric"].status == "fail"
    assert honest(rare, metric="balanced accuracy").gates()["metric"]


@pytest.mark.parametrize(("names", "passed"), [((), False), (("majority",), False),
                                               (("majority", "mean colour"), True)])  # fmt: skip
def test_a_baseline_that_learned_must_stand_beside(parts, names, passed):
    study = project.Study(QUESTION)
    study.data(*parts)
    for name in names:
        study.baseline(name)
    assert (study.gates()["baselines"].status == "pass") is passed


def test_a_single_seed_has_no_spread(parts):
    assert "nearest mean" in honest(parts, seeds=[3]).gates()["seeds"].message


def test_the_best_of_the_seeds_is_told_from_their_mean(parts):
    study = honest(parts, seeds=range(9))
    each = study.tested["nearest mean"].each
    assert max(each) > np.mean(each)
    study.report(max(each))
    assert "best of 9 seeds" in study.gates()["report"].message
    study.report(round(np.mean(each), 3) - 0.001)
    assert "is not" in study.gates()["report"].message
    study.report(round(np.mean(each), 2))
    assert study.gates()["report"]


def test_a_second_look_at_the_test_set_is_counted(parts):
    study = honest(parts)
    study.open_test()
    assert "2 times" in study.gates()["test set"].message


def test_training_after_the_test_was_opened_is_found(parts):
    study = honest(parts)
    study.candidate("better", lambda train, validation, seed: nearest_mean(validation, None, seed))
    study.candidates["better"] = project.Scores("better", (1.0,) * 5)
    assert "after" in study.gates()["test set"].message


@pytest.mark.parametrize(("told", "passed"), [("0.93", True), ("93 %", True), ("0.95", False)])
def test_a_sentence_that_no_cell_shows_is_found(parts, tmp_path, told, passed):
    gate = honest(parts).gates(report(tmp_path, f"It reaches {told}.", "0.93"))["numbers"]
    assert (gate.status == "pass") is passed
    assert passed or told in gate.message


def test_digits_of_a_measured_number_count_in_a_report(parts, tmp_path):
    shown = "test: ≈ 0.93 (measured, between 0.9 and 1)"
    assert honest(parts).gates(report(tmp_path, "It reaches 0.93.", shown))["numbers"]


def test_the_advantage_is_a_bootstrap_over_groups(parts):
    """A baseline fails in whole groups, so that single examples would promise too narrow a range."""
    groups = np.arange(80) // 10

    def half_blind(train, validation, seed):
        return lambda images: np.where(groups < 4, 1 - parts[2].labels, parts[2].labels)

    def knows(train, validation, seed):
        return lambda images: parts[2].labels

    ranges = []
    for own in (groups, np.arange(80)):
        study = project.Study(QUESTION)
        study.data(parts[0], parts[2], parts[2], groups=(np.arange(200), own, own))
        study.baseline("half blind", half_blind)
        study.candidate("knows", knows, seeds=[0])
        study.open_test()
        low, high = study.advantage()
        assert low < 0.5 < high
        ranges.append(high - low)
    assert ranges[0] > 2 * ranges[1]


def test_the_advantage_is_that_of_what_was_opened(parts):
    study = honest(parts)
    before = study.advantage()
    study.candidate("guess", lambda train, validation, seed: lambda images: np.zeros(len(images)))
    study.candidates["guess"] = project.Scores("guess", (1.0,) * 5)
    assert study.chosen == "guess"
    assert study.advantage() == before


@given(
    groups=st.lists(st.integers(0, 9), min_size=12, max_size=80),
    sizes=st.sampled_from([0.5, (0.6, 0.2, 0.2), (0.7, 0.3)]),
    seed=st.integers(0, 5),
)
def test_a_split_keeps_groups_whole_and_loses_nothing(groups, sizes, seed):
    wanted = 3 if isinstance(sizes, tuple) and len(sizes) == 3 else 2
    if len(set(groups)) < wanted:
        with pytest.raises(ValueError, match="each of"):
            project.split_groups(groups, sizes, seed=seed)
        return
    parts = project.split_groups(groups, sizes, seed=seed)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(groups)))
    held = [{groups[place] for place in part} for part in parts]
    assert all(held)
    assert sum(map(len, held)) == len(set(groups))


def test_a_split_comes_near_to_the_sizes_and_the_classes_shares():
    rng = np.random.default_rng(0)
    groups, labels = np.repeat(np.arange(60), 10), np.repeat(rng.random(60) < 0.3, 10).astype(int)
    parts = project.split_groups(groups, (0.6, 0.2, 0.2), labels=labels)
    assert [len(part) for part in parts] == pytest.approx([360, 120, 120], abs=10)
    assert [labels[part].mean() for part in parts] == pytest.approx([labels.mean()] * 3, abs=0.06)


def test_a_split_refuses_lengths_that_differ():
    with pytest.raises(ValueError, match="same length, not 1 and 2"):
        project.split_groups([1, 2], 0.5, labels=[0])


def test_duplicates_of_one_colour_are_told_by_their_colour():
    flat = np.ones((2, 1, 3, 3)) * np.array([0.2, 0.7])[:, None, None, None]
    assert duplicates(flat, flat[::-1]) == [(0, 1), (1, 0)]
    assert duplicates(flat, flat[:0]) == []


def test_groups_may_be_words():
    assert shared(["cat", "cup"], ["cup", "hen"]) == ["cup"]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_balanced_accuracy_is_that_of_scikit_learn(pairs):
    sklearn = pytest.importorskip("sklearn.metrics")
    labels, predictions = np.array(pairs).T
    expected = np.mean(
        [sklearn.recall_score(labels == one, predictions == one) for one in set(labels.tolist())]
    )
    assert metrics.balanced_accuracy(labels, predictions) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: project.Study(QUESTION, metric="acuracy"), "Did you mean 'accuracy'"),
        (lambda: project.Study(QUESTION).baseline("linear"), "handed in first"),
        (lambda: project.Study(QUESTION).open_test(), "candidate"),
        (lambda: project.Study(QUESTION).advantage(), "test set open"),
        (lambda: project.Study(QUESTION).baseline("mean color"), "Did you mean 'mean colour'"),
        (lambda: project.surfaces(size=65), "from 1 to 64 pixels, not 65"),
    ],
)
def test_errors_say_what_helps(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_parts_of_different_sets_are_refused(parts):
    other = Dataset(parts[2].images, parts[2].labels, ("left", "right"), "patches", "here", "ours")
    with pytest.raises(ValueError, match="same classes, but training has right and left, and test"):
        project.Study(QUESTION).data(*parts[:2], other)


def test_groups_of_another_length_are_refused(parts):
    groups = [np.arange(len(one)) for one in parts]
    with pytest.raises(ValueError, match="validation must have a group, but there are 80 examples"):
        project.Study(QUESTION).data(*parts, groups=(groups[0], groups[1][1:], groups[2]))


def test_patches_of_a_block_lie_in_it_and_gravel_is_rare():
    patches, blocks = project.surfaces(size=64, per_block=1)
    names = np.array([block.split()[0] for block in blocks])
    assert ((names == "gravel") == (patches.labels == 1)).all()
    assert patches.labels.mean() == 0.2
    assert len(set(blocks.tolist())) == len(blocks)
    top = patches.images[blocks == "grass 1-2"][0]
    np.testing.assert_array_equal(top, data.photo("grass").image[:, 64:128, 128:192])


def told(name):
    """Marks of the gates as a notebook of the course stores them: ✓, ✗ or ○ by name."""
    nb = json.loads((notebook_folder() / name).read_text(encoding="utf-8"))
    texts = ["".join(output.get("data", {}).get("text/plain", ""))
             for cell in nb["cells"] for output in cell.get("outputs", [])]  # fmt: skip
    gates = next(text for text in texts if text.startswith("question "))
    return dict(re.findall(r"^([a-z ]+) ([✓✗○])", gates, re.MULTILINE))


def test_the_finished_project_passes_every_gate():
    assert set(told("13_appendix_gravel.ipynb").values()) == {"✓"}


def test_the_gates_catch_the_six_planted_faults_and_nothing_else():
    gates = told("13_appendix_poster.ipynb")
    wrong = {name for name, mark in gates.items() if mark == "✗"}
    assert wrong == {"leak", "stopping", "metric", "baselines", "report", "numbers"}
    assert "○" not in gates.values()


def test_the_template_runs_and_says_what_is_to_do():
    gates = told("13_appendix_template.ipynb")
    assert "✗" not in gates.values()
    assert {name for name, mark in gates.items() if mark == "○"} == {
        "seeds", "test set", "report", "numbers",
    }  # fmt: skip
