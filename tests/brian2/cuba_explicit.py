"""CUBA (Brette et al. 2007) with 400 neurons; connections and initial values from a linear congruential generator."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

names = dict(tau_m=20 * ms, tau_e=5 * ms, tau_i=10 * ms, v_t=-50 * mV, v_r=-60 * mV, e_l=-49 * mV, w_e=1.62 * mV,
             w_i=-9 * mV)
group = NeuronGroup(400, """
    dv/dt = (g_e + g_i - (v - e_l))/tau_m : volt (unless refractory)
    dg_e/dt = -g_e/tau_e : volt
    dg_i/dt = -g_i/tau_i : volt
    """, threshold="v > v_t", reset="v = v_r", refractory=5 * ms, method="exact", namespace=names)
group.v = (-60 + 10 * case.lcg(400, 1)) * mV
draws = (case.lcg(32000, 2) * 400).astype(int)  # 80 sources for every target
sources, targets = draws, [k // 80 for k in range(32000)]
excitatory = Synapses(group[:320], group, on_pre="g_e += w_e", namespace=names)
inhibitory = Synapses(group[320:], group, on_pre="g_i += w_i", namespace=names)
pairs = list(zip(sources, targets))
excitatory.connect(i=[i for i, j in pairs if i < 320], j=[j for i, j in pairs if i < 320])
inhibitory.connect(i=[i - 320 for i, j in pairs if i >= 320], j=[j for i, j in pairs if i >= 320])
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "g_e", "g_i"], record=[0, 399], dt=2 * ms)
Network(group, excitatory, inhibitory, monitor, state).run(200 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={name: case.trace(state, name, mV, "mV") for name in ("v", "g_e", "g_i")})
