"""Inhibitory plasticity (Vogels et al. 2011) on delayed synapses of a small network: transmission reads the weight that
the same statements then change; pre and post events of one synapse fall in one step."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms, nS, pA, pF

import case

names = dict(c_m=200 * pF, g_l=10 * nS, e_l=-60 * mV, e_i=-80 * mV, tau_g=10 * ms, tau_t=20 * ms, rate=0.05, w_max=100.0,
             target_rate=0.12)
group = NeuronGroup(12, """
    dv/dt = (g_l*(e_l - v) + g_i*(e_i - v) + drive)/c_m : volt (unless refractory)
    dg_i/dt = -g_i/tau_g : siemens
    drive : amp (constant)
    """, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="euler", namespace=names)
group.v = (-60 + 9 * case.lcg(12, 41)) * mV
group.drive = (130 + 100 * case.lcg(12, 42)) * pA
synapses = Synapses(group[:4], group, """
    w : 1
    dx/dt = -x/tau_t : 1 (event-driven)
    dy/dt = -y/tau_t : 1 (event-driven)
    """, on_pre="""
    x += 1
    w = clip(w + (y - target_rate)*rate, 0, w_max)
    g_i_post += w*nS
    """, on_post="""
    y += 1
    w = clip(w + x*rate, 0, w_max)
    """, namespace=names)
synapses.connect(i=[k // 12 for k in range(48)], j=[k % 12 for k in range(48)])
synapses.w = 0.5
synapses.pre.delay = [(k % 4) * 0.4 for k in range(48)] * ms
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "g_i"], record=[0, 11], dt=1 * ms)
Network(group, synapses, monitor, state).run(200 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "g_i": case.trace(state, "g_i", nS, "nS")},
           finals={"w": case.values(synapses.w), "x": case.values(synapses.x), "y": case.values(synapses.y)})
