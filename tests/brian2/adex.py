"""Adaptive exponential integrate-and-fire (Brette and Gerstner 2005 parameters) by euler, and with rk4 below cut-off."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, defaultclock, mV, ms, nS, pA, pF

import case

defaultclock.dt = 0.05 * ms
names = dict(c_m=281 * pF, g_l=30 * nS, e_l=-70.6 * mV, v_t=-50.4 * mV, slope=2 * mV, tau_w=144 * ms, a=4 * nS,
             b=80.5 * pA, v_r=-70.6 * mV)
groups = [NeuronGroup(3, """
    dv/dt = (g_l*(e_l - v) + g_l*slope*exp((v - v_t)/slope) + current - w)/c_m : volt
    dw/dt = (a*(v - e_l) - w)/tau_w : amp
    current : amp
    """, threshold="v > v_t + 5*slope", reset="v = v_r; w += b", method=method, namespace=names)
    for method in ("euler", "rk4")]
for group in groups:
    group.v = -70.6 * mV
    group.current = [600, 800, 1000] * pA
monitors = [SpikeMonitor(group) for group in groups]
state = StateMonitor(groups[0], ["v", "w"], record=[0, 2], dt=1 * ms)
Network(groups, monitors, state).run(150 * ms)
case.write(spikes={"euler": case.spikes(monitors[0]), "rk4": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "w": case.trace(state, "w", pA, "pA")})
