# %% [markdown]
# # Which uncertain number matters?
# A notebook as a script: editors (VS Code, PyCharm, Jupyter with jupytext) show its cells. It screens the tiny corridor by elementary
# effects (Morris) and looks at the strongest number again.

# %%
import tempfile
from pathlib import Path

import pandas as pd

import corridor_sim as cs
from corridor_sim.plots.sweep_gallery import draw_sensitivity, sensitivity_table
from corridor_sim.results.sweep_answers import answers_of

FOLDER = Path(tempfile.mkdtemp())

# %% [markdown]
# A sweep file may be written by a script. Factors are on the base's own numbers.

# %%
SWEEP = """
schema_version: 1
name: screening
base: tiny
parameters:
  demand: {path: demand.growth, distribution: {uniform: [0.8, 1.2]}}
  customs: {path: queues.CUSTOMS.service, scale: true, distribution: {uniform: [0.7, 1.3]}}
  crane: {path: queues.CRANE.service, scale: true, distribution: {uniform: [0.7, 1.3]}}
  papers: {path: holds.PAPERS.duration, scale: true, distribution: {uniform: [0.7, 1.3]}}
design: {morris: {trajectories: 6}}
replications: 3
kpis: [{kpi: transit_mean_h, subject: all, name: days to Baku, unit: d}]
"""
(FOLDER / "screening.yaml").write_text(SWEEP, encoding="utf-8")
sweep = cs.run_sweep(FOLDER / "screening.yaml", out=FOLDER / "screening")
sweep

# %% [markdown]
# Every parameter with its effect over the whole range, in days, and how sure that is.

# %%
(answer,) = answers_of(sweep)
effects = sensitivity_table(sweep, answer).sort_values("mu_star", ascending=False)
print(effects.round(3).to_string(index=False))

# %%
figure = draw_sensitivity(sweep, answer)
figure.savefig(FOLDER / "screening.png")

# %% [markdown]
# The cases themselves are a plain table: here the strongest number beside the answer.

# %%
strongest = sweep.parameters[int(effects.index[0])]
table: pd.DataFrame = sweep.table("transit_mean_h", "all")
print(table[[strongest, "mean", "ci_low", "ci_high"]].sort_values(strongest).round(2).head().to_string(index=False))
