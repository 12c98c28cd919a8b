"""Gap junctions as a summed variable: electrical coupling of integrate-and-fire neurons in a ring, one driven."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms, nS, pA, pF

import case

names = dict(c_m=100 * pF, g_l=5 * nS)
group = NeuronGroup(5, """
    dv/dt = (g_l*(-60*mV - v) + drive + i_gap)/c_m : volt
    drive : amp
    i_gap : amp
    """, threshold="v > -45*mV", reset="v = -65*mV", refractory=2 * ms, method="euler", namespace=names)
group.v = [-60, -58, -56, -54, -52] * mV
group.drive = [240, 0, 90, 120, 140] * pA
gap = Synapses(group, group, """
    w : siemens
    i_gap_post = w*(v_pre - v_post) : amp (summed)
    """, namespace=names)
gap.connect(i=[0, 1, 2, 3, 4, 1, 2, 3, 4, 0], j=[1, 2, 3, 4, 0, 0, 1, 2, 3, 4])
gap.w = [1, 0.5, 2, 1.5, 1, 1, 0.5, 2, 1.5, 1] * nS
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "i_gap"], record=[0, 1, 3], dt=0.5 * ms)
Network(group, gap, monitor, state).run(100 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "i_gap": case.trace(state, "i_gap", pA, "pA")})
