"""Subexpressions that use one another, the time and the neuron index; re-evaluated at every stage of rk4; recorded."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms, nS, pA, pF

import case

group = NeuronGroup(3, """
    dv/dt = (i_leak + i_exp + i_stim - i_m)/c_m : volt
    dp/dt = (p_inf - p)/tau_p : 1
    i_leak = g_l*(e_l - v) : amp
    i_exp = g_l*slope*exp((v - v_t)/slope) : amp
    i_m = g_m*p*(v - e_k) : amp
    p_inf = 1/(1 + exp(-x_p)) : 1
    x_p = (v - v_half)/(10*mV) : 1
    i_stim = (i_0 + 40*pA*i)*(1 + sin(2*3.141592653589793*t/(50*ms))) : amp
    """, threshold="v > -35*mV", reset="v = -70*mV", refractory=2 * ms, method="rk4",
    namespace=dict(c_m=200 * pF, g_l=10 * nS, e_l=-70 * mV, slope=4 * mV, v_t=-50 * mV, g_m=5 * nS, e_k=-90 * mV,
                   tau_p=60 * ms, v_half=-45 * mV, i_0=320 * pA))
group.v = -70 * mV
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "p", "i_m", "i_stim"], record=[0, 2], dt=1 * ms)
Network(group, monitor, state).run(150 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "p": case.trace(state, "p"),
                   "i_m": case.trace(state, "i_m", pA, "pA"), "i_stim": case.trace(state, "i_stim", pA, "pA")})
