"""Izhikevich (2003) neurons with per-neuron parameters by euler at 0.5 ms, coupled by jumps of v with delays."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, defaultclock, mV, ms

import case

defaultclock.dt = 0.5 * ms
group = NeuronGroup(20, """
    dv/dt = (0.04*v**2/mV + 5*v + 140*mV - u + drive)/ms : volt
    du/dt = a*(b*v - u)/ms : volt
    a : 1 (constant)
    b : 1 (constant)
    c : volt (constant)
    d : volt (constant)
    drive : volt
    """, threshold="v >= 30*mV", reset="v = c; u += d", method="euler")
r = case.lcg(20, 11)
group.a, group.b = 0.02 + 0.08 * r, 0.25 - 0.05 * r
group.c, group.d = (-65 + 15 * r**2) * mV, (8 - 6 * r**2) * mV
group.v, group.drive = -65 * mV, (4 + 8 * case.lcg(20, 12)) * mV
group.u = "b*v"
synapses = Synapses(group, group, "w : volt", on_pre="v_post += w")
synapses.connect(i=[k % 20 for k in range(60)], j=[(7 * k + k // 20) % 20 for k in range(60)])
synapses.w = (case.lcg(60, 13) * 6 - 2) * mV
synapses.delay = [1 + k % 5 for k in range(60)] * ms
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "u"], record=[0, 9], dt=2 * ms)
Network(group, synapses, monitor, state).run(300 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "u": case.trace(state, "u", mV, "mV")})
