"""The peer of `sentiment -- bert`: onnxruntime on a network of the shape of BERT-base, with the same random weights.

    python3 -m venv target/peers/sentiment
    target/peers/sentiment/bin/pip install numpy safetensors onnx onnxruntime
    target/peers/sentiment/bin/python crates/reading/models/peer.py make target/peers/bert-base
    target/peers/sentiment/bin/python crates/reading/models/peer.py onnx crates/reading/models/tiny

`onnx FOLDER` writes `model.onnx` for the `config.json` and `model.safetensors` of the folder. `make FOLDER` writes `config.json`, `vocab.txt`, `model.safetensors` and `model.onnx`, with the same weights, drawn as
BERT's are before training (a deviation of 0.02): larger ones make a network that multiplies every rounding. `serve FOLDER
THREADS` loads the last, then reads lines `TEXTS PIECES SEED` and answers each with the seconds of one run, its seconds of processor time and the logits.
"""

import json
import math
import pathlib
import sys
import time

import numpy

HIDDEN, HEADS, LAYERS, WIDE, POSITIONS, PIECES = 768, 12, 12, 3072, 512, 30522
LABELS = ["positive", "negative", "neutral"]


def tensors():
    draw = numpy.random.Generator(numpy.random.PCG64(7))
    found = {}

    def normal(name, *shape, scale):
        found[name] = (scale * draw.standard_normal(shape)).astype(numpy.float32)

    def dense(name, outputs, inputs, scale=0.02):
        normal(f"{name}.weight", outputs, inputs, scale=scale)
        normal(f"{name}.bias", outputs, scale=0.02)

    def norm(name):
        found[f"{name}.weight"] = numpy.ones(HIDDEN, numpy.float32)
        found[f"{name}.bias"] = numpy.zeros(HIDDEN, numpy.float32)

    for name, rows in [("word", PIECES), ("position", POSITIONS), ("token_type", 2)]:
        normal(f"bert.embeddings.{name}_embeddings.weight", rows, HIDDEN, scale=0.02)
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
    dense("classifier", 3, HIDDEN)
    return found


def graph(found, sizes=(HIDDEN, HEADS, LAYERS)):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    hidden, heads_count, layers = sizes
    nodes, constants = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(numpy.asarray(value, order="C"), name))
        return name

    def node(kind, inputs, output, **attributes):
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def dense(names, x, out):
        weight = constant(f"{out}.w", numpy.concatenate([found[f"{it}.weight"] for it in names]).T)
        bias = constant(f"{out}.b", numpy.concatenate([found[f"{it}.bias"] for it in names]))
        return node("Add", [node("MatMul", [x, weight], f"{out}.m"), bias], out)

    def norm(name, x, out):
        parts = [constant(f"{out}.{part}", found[f"{name}.{part}"]) for part in ["weight", "bias"]]
        return node("LayerNormalization", [x, *parts], out, axis=-1, epsilon=1e-12)

    def integers(name, *values):
        return constant(name, numpy.array(values, numpy.int64))

    words = constant("words", found["bert.embeddings.word_embeddings.weight"])
    places = found["bert.embeddings.position_embeddings.weight"] + found["bert.embeddings.token_type_embeddings.weight"][0]
    x = node("Gather", [words, "input_ids"], "x.words")
    length = node("Gather", [node("Shape", ["input_ids"], "shape"), integers("one", 1)], "length")
    place = node("Slice", [constant("places", places), integers("zero", 0), length, integers("axis", 0)], "x.places")
    x = norm("bert.embeddings.LayerNorm", node("Add", [x, place], "x.sum"), "x")
    split = integers("split", 0, 0, heads_count, hidden // heads_count)
    merge = integers("merge", 0, 0, hidden)
    scale = constant("scale", numpy.float32(math.sqrt(hidden // heads_count)))
    for index in range(layers):
        layer, out = f"bert.encoder.layer.{index}.", f"l{index}"
        heads = []
        for part, order in [("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])]:
            flat = dense([f"{layer}attention.self.{part}"], x, f"{out}.{part}")
            parted = node("Reshape", [flat, split], f"{out}.{part}.r")
            heads.append(node("Transpose", [parted], f"{out}.{part}.t", perm=order))
        scores = node("Div", [node("MatMul", heads[:2], f"{out}.qk"), scale], f"{out}.scores")
        scores = node("Softmax", [scores], f"{out}.soft", axis=-1)
        context = node("Transpose", [node("MatMul", [scores, heads[2]], f"{out}.c")], f"{out}.ct", perm=[0, 2, 1, 3])
        context = node("Reshape", [context, merge], f"{out}.context")
        attended = dense([f"{layer}attention.output.dense"], context, f"{out}.a")
        x = norm(f"{layer}attention.output.LayerNorm", node("Add", [attended, x], f"{out}.a.sum"), f"{out}.a.norm")
        wide = node("Gelu", [dense([f"{layer}intermediate.dense"], x, f"{out}.wide")], f"{out}.gelu")
        narrow = dense([f"{layer}output.dense"], wide, f"{out}.narrow")
        x = norm(f"{layer}output.LayerNorm", node("Add", [narrow, x], f"{out}.sum"), f"{out}.norm")
    first = node("Gather", [x, constant("first", numpy.int64(0))], "first.row", axis=1)
    pooled = node("Tanh", [dense(["bert.pooler.dense"], first, "pooler")], "pooled")
    dense(["classifier"], pooled, "logits")
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "pieces"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3])
    made = helper.make_graph(nodes, "bert", [ids], [logits], constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def make(folder):
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    found = tensors()
    save_file(found, str(folder / "model.safetensors"))
    onnx.save(graph(found), str(folder / "model.onnx"))
    quantize_dynamic(folder / "model.onnx", folder / "bytes.onnx", weight_type=QuantType.QInt8, per_channel=True)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces += [f"piece{index}" for index in range(PIECES - len(pieces))]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n")
    config = {
        "model_type": "bert", "hidden_act": "gelu", "hidden_size": HIDDEN, "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS, "intermediate_size": WIDE, "vocab_size": PIECES,
        "max_position_embeddings": POSITIONS, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
        "id2label": {str(index): name for index, name in enumerate(LABELS)},
    }
    (folder / "config.json").write_text(json.dumps(config) + "\n")


def onnx_of(folder):
    import onnx
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    sizes = [config[it] for it in ["hidden_size", "num_attention_heads", "num_hidden_layers"]]
    onnx.save(graph(load_file(str(folder / "model.safetensors")), sizes), str(folder / "model.onnx"))


def numbers(texts, pieces, seed):
    """The same numbers as the Rust side: a linear congruence of 64 bits."""
    state, rows = seed, []
    for _ in range(texts * pieces):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        rows.append((state >> 33) % PIECES)
    return numpy.array(rows, numpy.int64).reshape(texts, pieces)


def serve(folder, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    sessions = {
        name: onnxruntime.InferenceSession(str(folder / f"{file}.onnx"), options, providers=["CPUExecutionProvider"])
        for name, file in [("float", "model"), ("byte", "bytes")]
    }
    print(f"onnxruntime {onnxruntime.__version__}", flush=True)
    for line in sys.stdin:
        kind, texts, pieces, seed = line.split()
        ids = numbers(int(texts), int(pieces), int(seed))
        start, processor = time.perf_counter(), time.process_time()
        (logits,) = sessions[kind].run(None, {sessions[kind].get_inputs()[0].name: ids})
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        print(seconds, processor, *(f"{it:.6f}" for it in logits.ravel()), flush=True)


if sys.argv[1] == "make":
    make(pathlib.Path(sys.argv[2]))
elif sys.argv[1] == "onnx":
    onnx_of(pathlib.Path(sys.argv[2]))
else:
    serve(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
