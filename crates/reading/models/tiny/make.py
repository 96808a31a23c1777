"""Makes the tiny BERT classifier of the parity test, and what an independent reader finds in it.

    python3 -m venv venv && venv/bin/pip install numpy safetensors tokenizers
    venv/bin/python crates/reading/models/tiny/make.py

The network is computed here in 64-bit floats, straight from the paper's formulas; the pieces come from the `tokenizers`
package. The weights are random but for the classifier, which is solved so that the canary sentences of `Finbert::load`
come out right. The files are committed; running this again gives the same bytes.
"""

import json
import math
import pathlib
import string

import numpy
from safetensors.numpy import save_file
from tokenizers import BertWordPieceTokenizer

HERE = pathlib.Path(__file__).parent
HIDDEN, HEADS, LAYERS, WIDE, POSITIONS, LIMIT = 32, 4, 2, 64, 128, 128
LABELS = ["positive", "negative", "neutral"]

WORDS = """the a of to in and for on at by from with company profit loss sales forecast quarter after strong weak raised cut
rose fell operating earlier year million mn eur annual general meeting will be held helsinki april has offices stockholm
shares net price target analyst up down un ##ed ##s ##ing ##er ##ly ##ment ##able fore ##cast ##casts head ##line 13 8 ##3 ##1 ##7
東 京 café cafe naive résumé ñ ß ø ##ø ı й и … – — ’ “ ” € £""".split()

TEXTS = [
    "The company raised its profit forecast after a strong quarter.",
    "Operating profit fell to EUR 8.7 million from EUR 13.1 million a year earlier.",
    "",
    "   ",
    "CAFÉ naïve résumé ÑANDÚ",
    "cafe\u0301 re\u0301sume\u0301",
    "東京 shares rose 3%",
    "東京shares、profit。",
    "unforecasted headlines, un-raised & price-target(s)!",
    "a\tb\nc\r\nd\u00a0e\u2003f\u200bg\u00adh\x00i\ufffdj\x07k",
    "x" * 100 + " " + "y" * 101,
    "🚀 to the moon 🚀🚀",
    "$AAPL +3.1% @ €13,8…",
    "[SEP]profit[CLS] [MASK]",
    "İstanbul ISTANBUL ıi ẞß ØØ Ǆ",
    "й й é e\u0323\u0301 ｆｕｌｌ ﬁ ½",
    "हिन्दी ไทย العربية עברית ελληνικά Ελλάς",
    "한국어 カタカナ ひらがな",
    "don't 'quote' “double” ’ apostrophe’s — dash – en",
    "profit " * 200,
    "𠀀𪜀 㐀 豈 丽",
    "٠١٢ ①② Ⅷ ª º ² £5m",
]


def vocabulary():
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = list(string.ascii_lowercase + string.digits + string.punctuation)
    letters += ["##" + it for it in string.ascii_lowercase + string.digits]
    for piece in WORDS + letters:
        if piece not in pieces:
            pieces.append(piece)
    return pieces


def weights(size):
    draw = numpy.random.Generator(numpy.random.PCG64(20240607))
    tensors = {}

    def normal(name, *shape, scale=0.35, centre=0.0):
        tensors[name] = (centre + scale * draw.standard_normal(shape)).astype(numpy.float32)

    def dense(name, outputs, inputs):
        normal(f"{name}.weight", outputs, inputs)
        normal(f"{name}.bias", outputs, scale=0.1)

    def norm(name):
        normal(f"{name}.weight", HIDDEN, scale=0.1, centre=1.0)
        normal(f"{name}.bias", HIDDEN, scale=0.1)

    normal("bert.embeddings.word_embeddings.weight", size, HIDDEN, scale=1.0)
    normal("bert.embeddings.position_embeddings.weight", POSITIONS, HIDDEN, scale=0.1)
    normal("bert.embeddings.token_type_embeddings.weight", 2, HIDDEN)
    norm("bert.embeddings.LayerNorm")
    for index in range(LAYERS):
        layer = f"bert.encoder.layer.{index}."
        for part in ["query", "key", "value"]:
            dense(f"{layer}attention.self.{part}", HIDDEN, HIDDEN)
        dense(f"{layer}attention.output.dense", HIDDEN, HIDDEN)
        norm(f"{layer}attention.output.LayerNorm")
        dense(f"{layer}intermediate.dense", WIDE, HIDDEN)
        dense(f"{layer}output.dense", HIDDEN, WIDE)
        norm(f"{layer}output.LayerNorm")
    dense("bert.pooler.dense", HIDDEN, HIDDEN)
    return tensors


def pooled(tensors, numbers):
    get = lambda name: tensors[name].astype(numpy.float64)

    def dense(name, x):
        return x @ get(f"{name}.weight").T + get(f"{name}.bias")

    def norm(name, x):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / numpy.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * get(f"{name}.weight") + get(f"{name}.bias")

    erf = numpy.vectorize(math.erf)
    embeddings = "bert.embeddings."
    x = get(embeddings + "word_embeddings.weight")[numbers]
    x = x + get(embeddings + "position_embeddings.weight")[: len(numbers)]
    x = norm(embeddings + "LayerNorm", x + get(embeddings + "token_type_embeddings.weight")[0])
    for index in range(LAYERS):
        layer = f"bert.encoder.layer.{index}."
        q, k, v = (
            dense(f"{layer}attention.self.{part}", x).reshape(len(x), HEADS, -1).swapaxes(0, 1)
            for part in ["query", "key", "value"]
        )
        scores = q @ k.swapaxes(1, 2) / math.sqrt(HIDDEN // HEADS)
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        scores = scores / scores.sum(-1, keepdims=True)
        context = (scores @ v).swapaxes(0, 1).reshape(len(x), HIDDEN)
        x = norm(f"{layer}attention.output.LayerNorm", x + dense(f"{layer}attention.output.dense", context))
        wide = dense(f"{layer}intermediate.dense", x)
        wide = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
        x = norm(f"{layer}output.LayerNorm", x + dense(f"{layer}output.dense", wide))
    return numpy.tanh(dense("bert.pooler.dense", x[0]))


def solve_classifier(tensors, encode):
    """Finds the smallest classifier that gives each canary its label."""
    source = (HERE / "../../src/sentiment/finbert.rs").read_text()
    block = source.split("const CANARIES")[1].split("];")[0]
    rows, goals = [], []
    for line in block.splitlines():
        if "Label::" not in line or '"' not in line:
            continue
        text, label = line.split('"')[1], line.split("Label::")[1].split(")")[0]
        rows.append(pooled(tensors, encode(text)))
        wanted = {"Good": "positive", "Bad": "negative", "Neutral": "neutral"}[label]
        goals.append([2.0 if it == wanted else -1.0 for it in LABELS])
    solution, *_ = numpy.linalg.lstsq(numpy.array(rows), numpy.array(goals), rcond=None)
    tensors["classifier.weight"] = numpy.ascontiguousarray(solution.T).astype(numpy.float32)
    tensors["classifier.bias"] = numpy.array([0.02, -0.01, 0.03], dtype=numpy.float32)


def main():
    pieces = vocabulary()
    (HERE / "vocab.txt").write_text("\n".join(pieces) + "\n")
    config = {
        "model_type": "bert", "hidden_act": "gelu", "hidden_size": HIDDEN, "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS, "intermediate_size": WIDE, "vocab_size": len(pieces),
        "max_position_embeddings": POSITIONS, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
        "id2label": {str(index): name for index, name in enumerate(LABELS)},
    }
    (HERE / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    tokenizer = BertWordPieceTokenizer(str(HERE / "vocab.txt"), lowercase=True)
    tokenizer.enable_truncation(LIMIT)
    cased = BertWordPieceTokenizer(str(HERE / "vocab.txt"), lowercase=False, strip_accents=False)
    cased.enable_truncation(LIMIT)
    encode = lambda text: tokenizer.encode(text).ids
    tensors = weights(len(pieces))
    solve_classifier(tensors, encode)
    save_file(tensors, str(HERE / "model.safetensors"))
    cases = []
    for text in TEXTS:
        numbers = encode(text)
        out = pooled(tensors, numbers) @ tensors["classifier.weight"].astype(numpy.float64).T
        logits = out + tensors["classifier.bias"].astype(numpy.float64)
        cases.append({"text": text, "pieces": numbers, "cased": cased.encode(text).ids, "logits": [round(float(it), 9) for it in logits]})
    (HERE / "reference.json").write_text("[\n" + ",\n".join(json.dumps(it) for it in cases) + "\n]\n")


main()
