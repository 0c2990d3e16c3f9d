"""Encoders with their heads side by side: one matrix product serves all runs."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from functools import lru_cache

import torch
from torch.nn import functional

WIDTH, HEADS, WIDE = 384, 12, 1536
LAYER = {
    "qkv.weight": (3 * WIDTH, WIDTH),
    "qkv.bias": (3 * WIDTH,),
    "out.weight": (WIDTH, WIDTH),
    "out.bias": (WIDTH,),
    "norm1.weight": (WIDTH,),
    "norm1.bias": (WIDTH,),
    "up.weight": (WIDE, WIDTH),
    "up.bias": (WIDE,),
    "down.weight": (WIDTH, WIDE),
    "down.bias": (WIDTH,),
    "norm2.weight": (WIDTH,),
    "norm2.bias": (WIDTH,),
}
DROPOUT, HEAD_DROPOUT, EPSILON = 0.1, 0.2, 1e-12
HEAD_SEED = 1234
"""All runs start from the same heads, so that their weights can be averaged."""
HEAD_RATE, RUNNING_MEAN, WARM_UP, DECAY = 2e-3, 0.998, 80, 0.01

GPU = torch.cuda.is_available()
COMPILED = GPU or shutil.which("g++") is not None
"""Whether the optimiser's step is one kernel."""
_POOL = 1 << 25
"""Numbers drawn once on a processor, where drawing takes longer than the product they are drawn for."""


class Stack(torch.nn.Module):
    """Encoders and heads of ``n`` runs; parameters are views of one flat buffer a part."""

    def __init__(self, base: Mapping[str, torch.Tensor], sizes: Mapping[str, int], n: int) -> None:
        super().__init__()
        self.base, self.sizes = base, sizes
        self.depth = sum(name.endswith("up.bias") for name in base)
        shapes = {f"{k}.{name}": shape for k in range(self.depth) for name, shape in LAYER.items()}
        total, device = sum(sizes.values()), base["table"].device
        self.net = Flat(n, shapes, device)
        self.heads = Flat(n, {"weight": (total, WIDTH), "bias": (total,)}, device)
        generator, edge = torch.Generator().manual_seed(HEAD_SEED), 1 / math.sqrt(WIDTH)
        for view in self.heads.views.values():
            view.copy_(torch.rand(view.shape[1:], generator=generator) * 2 * edge - edge)
        for name, view in self.net.views.items():
            view.copy_(base[name])
        for part in (self.net, self.heads):
            part.small.copy_(part.values)

    def parts(self, flat: Flat) -> dict[str, torch.Tensor]:
        """Return what to compute with: 16 bits when learning, 32 when reading."""
        return flat.parts if self.training else flat.views

    def words(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the word vectors, shape (n_runs, batch, tokens, width); nothing of them is learned."""
        base = self.base
        places = base["position"][: ids.shape[-1]] + base["type"]
        found = functional.embedding(ids, base["table"]) + places
        return functional.layer_norm(found, (WIDTH,), base["norm.weight"], base["norm.bias"], EPSILON)

    def embed(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return mean-pooled vectors, shape (n_runs, batch, width)."""
        n, b, length, _ = words.shape
        wanted = torch.bfloat16 if self.training else torch.float32
        hidden = dropout(words.to(wanted), DROPOUT, self.training).reshape(n, b * length, WIDTH)
        seen = mask.reshape(n * b, 1, 1, length).bool()
        for k in range(self.depth):
            hidden = self._layer(hidden, seen, k, (n, b, length))
        states = hidden.reshape(n, b, length, WIDTH).float()
        weights = mask[..., None].float()
        return (states * weights).sum(2) / weights.sum(2).clamp_min(1.0)

    def _layer(
        self, x: torch.Tensor, seen: torch.Tensor, k: int, shape: tuple[int, int, int]
    ) -> torch.Tensor:
        n, b, length = shape
        every = self.parts(self.net)
        p = {name: every[f"{k}.{name}"] for name in LAYER}
        qkv = linear(x, p["qkv.weight"], p["qkv.bias"]).reshape(n * b, length, 3, HEADS, WIDTH // HEADS)
        q, key, value = qkv.permute(2, 0, 3, 1, 4)
        given = attend(q, key, value, seen, self.training)
        given = given.transpose(1, 2).reshape(n, b * length, WIDTH)
        given = dropout(linear(given, p["out.weight"], p["out.bias"]), DROPOUT, self.training)
        x = norm(x + given, p["norm1.weight"], p["norm1.bias"])
        wide = functional.gelu(linear(x, p["up.weight"], p["up.bias"]))
        given = dropout(linear(wide, p["down.weight"], p["down.bias"]), DROPOUT, self.training)
        return norm(x + given, p["norm2.weight"], p["norm2.bias"])

    def logits(self, pooled: torch.Tensor) -> dict[str, torch.Tensor]:
        pooled = dropout(pooled, HEAD_DROPOUT, self.training)
        part = self.parts(self.heads)
        out = linear(pooled.to(part["bias"].dtype), part["weight"], part["bias"]).float()
        return dict(zip(self.sizes, out.split(list(self.sizes.values()), dim=-1), strict=True))


class Flat:
    """Parameters that lie, with their copy at 16 bits and its gradients, in buffers of shape (n_runs, n)."""

    def __init__(self, runs: int, shapes: Mapping[str, tuple[int, ...]], device: torch.device) -> None:
        total = sum(math.prod(s) for s in shapes.values())
        self.values = torch.zeros(runs, total, device=device)
        self.small = torch.zeros(runs, total, device=device, dtype=torch.bfloat16)
        self.gradients = torch.zeros_like(self.small)
        self.views: dict[str, torch.Tensor] = {}
        self.parts: dict[str, torch.Tensor] = {}
        """What is learned through: the copies at 16 bits."""
        start = 0
        for name, shape in shapes.items():
            end = start + math.prod(shape)
            self.views[name] = self.values[:, start:end].view(runs, *shape)
            self.parts[name] = self.small[:, start:end].view(runs, *shape).detach().requires_grad_()
            self.parts[name].grad = self.gradients[:, start:end].view(runs, *shape)
            start = end


def linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    if len(x) == 1:  # quicker on a processor
        return functional.linear(x[0], weight[0], bias[0])[None]
    return torch.baddbmm(bias[:, None], x, weight.transpose(1, 2))


def norm(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return torch.addcmul(bias[:, None], functional.layer_norm(x, (WIDTH,), eps=EPSILON), weight[:, None])


def attend(
    q: torch.Tensor, key: torch.Tensor, value: torch.Tensor, seen: torch.Tensor, training: bool
) -> torch.Tensor:
    """Return what each token takes from those ``seen``, shape of ``q``.

    On a processor the way back through torch's own function takes eight times as long as through plain
    products; no weight is dropped there.
    """
    if GPU:
        dropped = DROPOUT if training else 0.0
        return functional.scaled_dot_product_attention(q, key, value, attn_mask=seen, dropout_p=dropped)
    scores = (q * (WIDTH // HEADS) ** -0.5) @ key.transpose(-1, -2).contiguous()
    return scores.masked_fill(~seen, -1e4).softmax(-1) @ value.contiguous()


def dropout(x: torch.Tensor, share: float, training: bool) -> torch.Tensor:
    if GPU or not training:
        return functional.dropout(x, share, training)
    pool, size = _kept(share), x.numel()
    start = int(torch.randint(0, len(pool) - size, (1,)))
    return x * pool[start : start + size].view(x.shape).to(x.dtype)


@lru_cache
def _kept(share: float) -> torch.Tensor:
    """Return nought for a share of all places, and for the others what makes up for it."""
    return (torch.rand(_POOL) >= share).to(torch.bfloat16) / (1 - share)


class Adam:
    """AdamW on flat buffers, a rate a run, with the running mean of the weights that is kept in the end."""

    def __init__(self, parts: list[tuple[Flat, torch.Tensor]]) -> None:
        self.parts = parts
        self.first = [torch.zeros_like(p.values) for p, _ in parts]
        self.second = [torch.zeros_like(p.values) for p, _ in parts]
        self.mean = [p.values.clone() for p, _ in parts]
        self.steps = 0
        self.update = torch.compile(update) if COMPILED else update

    def step(self, factor: float) -> None:
        self.steps += 1
        size = torch.stack(
            [torch.linalg.vector_norm(p.gradients, dim=1, dtype=torch.float32) for p, _ in self.parts]
        ).norm(dim=0)
        clip = (1.0 / (size + 1e-6)).clamp(max=1.0)[:, None]
        kept = min(RUNNING_MEAN, (self.steps + 1) / (self.steps + 10))
        told = torch.tensor([kept, 1 - 0.9**self.steps, 1 - 0.999**self.steps], device=clip.device)
        for (part, rate), m, v, mean in zip(self.parts, self.first, self.second, self.mean, strict=True):
            rates = rate[:, None] * factor
            self.update(part.values, part.small, part.gradients, m, v, mean, clip, rates, told)

    def finish(self) -> None:
        for (part, _), mean in zip(self.parts, self.mean, strict=True):
            part.values.copy_(mean)


def update(
    p: torch.Tensor, small: torch.Tensor, g: torch.Tensor, m: torch.Tensor, v: torch.Tensor,
    mean: torch.Tensor, clip: torch.Tensor, rate: torch.Tensor, told: torch.Tensor,
) -> None:  # fmt: skip
    """Take one step in place; ``told`` holds what the mean keeps and both corrections of bias."""
    slope = g.float() * clip
    m.copy_(m * 0.9 + slope * 0.1)
    v.copy_(v * 0.999 + slope * slope * 0.001)
    p.copy_(p * (1 - rate * DECAY) - rate / told[1] * m / ((v / told[2]).sqrt() + 1e-8))
    small.copy_(p)
    mean.copy_(mean * told[0] + p * (1 - told[0]))
    g.zero_()
