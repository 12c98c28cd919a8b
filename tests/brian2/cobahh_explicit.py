"""COBAHH (Brette et al. 2007) with 40 neurons: Traub-Miles conductances by exponential_euler, explicit connections."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms, nS, pF

import case

names = dict(c_m=200 * pF, g_l=10 * nS, e_l=-65 * mV, e_k=-90 * mV, e_na=50 * mV, g_na=20000 * nS, g_kd=6000 * nS,
             v_t=-63 * mV, tau_e=5 * ms, tau_i=10 * ms, e_e=0 * mV, e_i=-80 * mV)
group = NeuronGroup(40, """
    dv/dt = (g_l*(e_l - v) + g_e*(e_e - v) + g_i*(e_i - v) - g_na*(m*m*m)*h*(v - e_na)
             - g_kd*(n*n*n*n)*(v - e_k))/c_m : volt
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dg_e/dt = -g_e/tau_e : siemens
    dg_i/dt = -g_i/tau_i : siemens
    alpha_m = 0.32*(mV**-1)*4*mV/exprel((13*mV - v + v_t)/(4*mV))/ms : Hz
    beta_m = 0.28*(mV**-1)*5*mV/exprel((v - v_t - 40*mV)/(5*mV))/ms : Hz
    alpha_h = 0.128*exp((17*mV - v + v_t)/(18*mV))/ms : Hz
    beta_h = 4./(1 + exp((40*mV - v + v_t)/(5*mV)))/ms : Hz
    alpha_n = 0.032*(mV**-1)*5*mV/exprel((15*mV - v + v_t)/(5*mV))/ms : Hz
    beta_n = .5*exp((10*mV - v + v_t)/(40*mV))/ms : Hz
    """, threshold="v > -20*mV", refractory=3 * ms, method="exponential_euler", namespace=names)
group.v = (-72 + 10 * case.lcg(40, 31)) * mV
group.g_e = 80 * case.lcg(40, 32) * nS
group.g_i = 250 * case.lcg(40, 33) * nS
excitatory = Synapses(group[:32], group, on_pre="g_e += 6*nS")
excitatory.connect(i=[k % 32 for k in range(400)], j=[int(x) for x in case.lcg(400, 34) * 40])
inhibitory = Synapses(group[32:], group, on_pre="g_i += 67*nS")
inhibitory.connect(i=[k % 8 for k in range(80)], j=[int(x) for x in case.lcg(80, 35) * 40])
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "g_e", "m"], record=[0, 39], dt=1 * ms)
Network(group, excitatory, inhibitory, monitor, state).run(100 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "g_e": case.trace(state, "g_e", nS, "nS"),
                   "m": case.trace(state, "m")})
