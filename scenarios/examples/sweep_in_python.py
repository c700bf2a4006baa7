"""A sweep from Python: run it, read it as a labelled array, compare cases on common random numbers.

python scenarios/examples/sweep_in_python.py [FOLDER]
"""

import sys
from pathlib import Path

import corridor_sim as cs
from corridor_sim.analysis.comparison import paired_differences, rank

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    """Run the sweep and print what it answers."""
    sweep = cs.run_sweep(HERE / "officers.yaml", out=folder, workers=2, resume=folder.exists())

    days = sweep.to_xarray("transit_mean_h", "all").squeeze(["kpi", "subject"]) / 24
    print(days.mean("replication").round(2).to_pandas())

    # what does the second officer gain, at each demand? Row r of both has the same trains and the same luck.
    one, two = (
        days.sel(officers=1).transpose("replication", "growth"),
        days.sel(officers=2).transpose("replication", "growth"),
    )
    gain = paired_differences(two.values, one.values)
    for k, growth in enumerate(days.growth.values):
        low, high = gain["ci_low"][k], gain["ci_high"][k]
        saved = gain["variance_saved_frac"][k]
        print(
            f"demand x {growth}: {gain['difference'][k]:.2f} d gained ({low:.2f} to {high:.2f}), variance saved {saved:.0%}"
        )

    # which number of officers is best at today's demand, ties said as ties?
    print(rank({str(n): days.sel(officers=n, growth=1.0).values for n in days.officers.values}).to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/sweeps/officers"))
