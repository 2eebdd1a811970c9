"""Two experts and the rule that fuses them."""

import torch

MODALITIES = ("shape", "texture")
FEATURES = 5


class Fusion(torch.nn.Module):
    """Logits of two linear experts, weighted by how reliable their measurements are said to be."""

    def __init__(self):
        super().__init__()
        self.experts = torch.nn.ModuleDict({name: torch.nn.Linear(FEATURES, 2) for name in MODALITIES})

    def forward(self, evidence, reliability):
        """evidence: per modality [N, 5]; reliability: per modality [N], positive -> fused [N, 2], per modality [N, 2]"""
        logits = {name: expert(evidence[name]) for name, expert in self.experts.items()}
        total = sum(reliability.values())
        fused = sum((reliability[name] / total)[:, None] * logits[name] for name in MODALITIES)
        return fused, logits
