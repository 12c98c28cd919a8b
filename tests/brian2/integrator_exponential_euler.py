"""Method exponential_euler: squid Hodgkin-Huxley at four currents, singular points of the rates in their plain form."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, cm, defaultclock, msiemens, mV, ms, uA, ufarad

import case

defaultclock.dt = 0.025 * ms
names = dict(c_m=1 * ufarad / cm**2, g_na=120 * msiemens / cm**2, g_k=36 * msiemens / cm**2, g_l=0.3 * msiemens / cm**2,
             e_na=50 * mV, e_k=-77 * mV, e_l=-54.387 * mV)
group = NeuronGroup(4, """
    dv/dt = (g_na*m**3*h*(e_na - v) + g_k*n**4*(e_k - v) + g_l*(e_l - v) + stimulus)/c_m : volt
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    alpha_m = 1/exprel(-(v + 40*mV)/(10*mV))/ms : Hz
    beta_m = 4*exp(-(v + 65*mV)/(18*mV))/ms : Hz
    alpha_h = 0.07*exp(-(v + 65*mV)/(20*mV))/ms : Hz
    beta_h = 1/(1 + exp(-(v + 35*mV)/(10*mV)))/ms : Hz
    alpha_n = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms : Hz
    beta_n = 0.125*exp(-(v + 65*mV)/(80*mV))/ms : Hz
    stimulus : amp/metre**2
    """, threshold="v > 0*mV", refractory="v > 0*mV", method="exponential_euler", namespace=names)
group.v = -65 * mV
group.m, group.h, group.n = 0.053, 0.596, 0.318
group.stimulus = [5, 7, 10, 20] * uA / cm**2
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "m"], record=[0, 2], dt=0.5 * ms)
Network(group, monitor, state).run(80 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "m": case.trace(state, "m")})
