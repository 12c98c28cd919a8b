"""COBAHH (Brette et al. 2007, benchmark 3) in Brian 2, C++ standalone: same equations and dt as the example `cobahh`."""
from brian2 import NeuronGroup, Synapses, cm, metre, msiemens, mV, ms, nS, ufarad, umetre

import standalone

EQUATIONS = """
dv/dt = (gl*(El - v) + ge*(Ee - v) + gi*(Ei - v)
         - g_na*(m*m*m)*h*(v - ENa) - g_kd*(n*n*n*n)*(v - EK))/Cm : volt
dm/dt = alpha_m*(1 - m) - beta_m*m : 1
dn/dt = alpha_n*(1 - n) - beta_n*n : 1
dh/dt = alpha_h*(1 - h) - beta_h*h : 1
dge/dt = -ge/taue : siemens
dgi/dt = -gi/taui : siemens
alpha_m = 0.32*(mV**-1)*4*mV/exprel((13*mV - v + VT)/(4*mV))/ms : Hz
beta_m = 0.28*(mV**-1)*5*mV/exprel((v - VT - 40*mV)/(5*mV))/ms : Hz
alpha_h = 0.128*exp((17*mV - v + VT)/(18*mV))/ms : Hz
beta_h = 4./(1 + exp((40*mV - v + VT)/(5*mV)))/ms : Hz
alpha_n = 0.032*(mV**-1)*5*mV/exprel((15*mV - v + VT)/(5*mV))/ms : Hz
beta_n = .5*exp((10*mV - v + VT)/(40*mV))/ms : Hz
"""


def describe(neurons, probability):
    area = 20000 * umetre**2
    names = dict(Cm=1 * ufarad * cm**-2 * area, gl=5e-5 * 1000 * msiemens * cm**-2 * area, El=-60 * mV, EK=-90 * mV,
                 ENa=50 * mV, g_na=100 * msiemens * cm**-2 * area, g_kd=30 * msiemens * cm**-2 * area, VT=-63 * mV,
                 taue=5 * ms, taui=10 * ms, Ee=0 * mV, Ei=-80 * mV, we=6 * nS, wi=67 * nS)
    group = NeuronGroup(neurons, EQUATIONS, threshold="v > -20*mV", refractory=3 * ms, method="exponential_euler",
                        namespace=names)
    group.v = "(-65 + 5*randn())*mV"
    group.ge = "(randn()*1.5 + 4)*10*nS"
    group.gi = "(randn()*12 + 20)*10*nS"
    split = neurons * 4 // 5
    excitatory = Synapses(group[:split], group, on_pre="ge += we", namespace=names)
    inhibitory = Synapses(group[split:], group, on_pre="gi += wi", namespace=names)
    excitatory.connect(p=probability)
    inhibitory.connect(p=probability)
    return group, [excitatory, inhibitory]


standalone.measure("cobahh", standalone.arguments(4000), describe)
