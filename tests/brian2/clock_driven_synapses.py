"""Differential equations of synapses that advance at every step: slow gating with a saturating second stage, summed over
the target (rk4), and synapses that filter the voltages of both ends, written at spikes of either side and read when they
arrive (euler, exponential Euler). Voltages are read after the integration of the step and before resets."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

source = NeuronGroup(4, """
    dv/dt = (12*mV + i*mV - v)/(9*ms) : volt
    """, threshold="v > 10*mV", reset="v = 0*mV", refractory=1 * ms, method="exact")
target = NeuronGroup(3, """
    dv/dt = (gain*s_total + 3*mV*i - v)/tau : volt
    s_total : 1
    """, threshold="v > 8*mV", reset="v = 0*mV", method="exponential_euler", namespace=dict(tau=10 * ms, gain=9 * mV))
gating = Synapses(source, target, """
    w : 1
    dx/dt = -x/(2*ms) : 1 (clock-driven)
    ds/dt = -s/(60*ms) + 0.4*x*(1 - s)/ms : 1 (clock-driven)
    s_total_post = w*s : 1 (summed)
    """, on_pre="x += 1", delay=1.2 * ms, method="rk4")
gating.connect(i=[0, 1, 2, 3, 0, 2], j=[0, 0, 1, 1, 2, 2])
gating.w = [0.5, 1, 0.75, 0.6, 1.5, 0.25]
filters = Synapses(source, target, """
    k : 1
    dlow/dt = (v_post - low)/(7*ms) : volt (clock-driven)
    dpair/dt = -pair/(15*ms) + k*(v_pre - 5*mV)*low/mV**2/second : 1 (clock-driven)
    """, on_pre="v_post += 0.05*low + 0.1*pair*mV", on_post="pair += 0.2; low -= 0.5*mV", method="euler")
filters.connect(i=[0, 1, 2, 3], j=[0, 1, 2, 0])
filters.k = [1, 2, -1, 0.5]
filters.pair = "0.1*i"
relaxing = Synapses(target, target, """
    dlevel/dt = (v_pre/mV*rate - level)/(25*ms) : 1 (clock-driven)
    rate : 1
    """, on_pre="v_post -= 0.02*level*mV", on_post="rate += 0.01", method="exponential_euler")
relaxing.connect(i=[0, 1, 2], j=[1, 2, 0])
relaxing.rate = 0.5
monitors = [SpikeMonitor(source), SpikeMonitor(target)]
state = StateMonitor(target, ["v", "s_total"], record=True, dt=1 * ms)
Network(source, target, gating, filters, relaxing, monitors, state).run(150 * ms)
case.write(spikes={"source": case.spikes(monitors[0]), "target": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "s_total": case.trace(state, "s_total")},
           finals={"x": case.values(gating.x), "s": case.values(gating.s), "low": case.values(filters.low, mV, "mV"),
                   "pair": case.values(filters.pair), "level": case.values(relaxing.level),
                   "rate": case.values(relaxing.rate)})
