/** A Python script that draws a figure again from its numbers. Pure text; every name in it is written as data. */
export function pythonFigure(stem: string, widthMm: number, caption: string): string {
  return `# Draws ${stem}.npz, which was exported by wetware, again. Needs numpy and matplotlib.
import textwrap

import matplotlib.pyplot as plt
import numpy as np

CAPTION = ${pythonText(caption)}
data = np.load(${pythonText(`${stem}.npz`)})
names = bytes(data["population_names"]).decode().split("\\n")
firsts, sizes = data["population_first"], data["population_size"]
traces = bytes(data["trace_names"]).decode().split("\\n") if data["trace_names"].size else []
blue, red = ["#0072B2", "#2A8FCB", "#005A8C", "#3C7FA6"], ["#D55E00", "#B04E00", "#E07B2E", "#8F4000"]
colours, used = [], [0, 0]
for inhibitory in data["population_inhibitory"]:
    colours.append((red if inhibitory else blue)[used[inhibitory] % 4])
    used[inhibitory] += 1

plt.rcParams.update({"font.size": 7, "axes.spines.top": False, "axes.spines.right": False})
rows = 2 + len(traces)
figure, axes = plt.subplots(
    rows, 1, sharex=True, layout="constrained",
    figsize=(${widthMm} / 25.4, ${widthMm} / 25.4 * (0.7 + 0.25 * len(traces))),
    height_ratios=[2.2] + [1] * (rows - 1),
)
raster, rates = axes[0], axes[1]
for k, name in enumerate(names):
    mine = data["population"] == k
    raster.plot(data["time_ms"][mine], data["neuron"][mine], "|", color=colours[k], markersize=1, markeredgewidth=0.4)
    rates.plot(data["rate_time_ms"], data["rate_hz"][k], color=colours[k], linewidth=0.7, label=name,
               linestyle="--" if data["population_inhibitory"][k] else "-")
raster.set_yticks(firsts + sizes / 2, names)
raster.invert_yaxis()
rates.set_ylabel("rate (spikes/s)")
rates.legend(frameon=False, fontsize=6, ncols=4)
for k, label in enumerate(traces):
    for values in data[f"trace_{k}"]:
        axes[2 + k].plot(data[f"trace_{k}_time_ms"], values, linewidth=0.7)
    axes[2 + k].set_ylabel(label)
axes[-1].set_xlim(*data["interval_ms"])
axes[-1].set_xlabel("time (ms)")
figure.supxlabel(textwrap.fill(CAPTION, ${Math.round(widthMm * 0.95)}), fontsize=5, x=0.01, ha="left")
figure.savefig(${pythonText(`${stem}.pdf`)})
figure.savefig(${pythonText(`${stem}.png`)}, dpi=300)
`;
}

/** A literal of Python: JSON's strings are strings there too, but for characters outside the first plane. */
const pythonText = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u{10000}-\u{10ffff}]/gu,
    (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
  );
