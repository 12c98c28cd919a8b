"""CUBA (Brette et al. 2007, benchmark 2) in Brian 2, C++ standalone: same equations and dt as the example `cuba`."""
from brian2 import NeuronGroup, Synapses, mV, ms

import standalone


def describe(neurons, probability):
    names = dict(taum=20 * ms, taue=5 * ms, taui=10 * ms, Vt=-50 * mV, Vr=-60 * mV, El=-49 * mV,
                 we=1.62 * mV, wi=-9 * mV)
    group = NeuronGroup(neurons, """
        dv/dt  = (ge + gi - (v - El))/taum : volt (unless refractory)
        dge/dt = -ge/taue : volt
        dgi/dt = -gi/taui : volt
        """, threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exact", namespace=names)
    group.v = "Vr + rand()*(Vt - Vr)"
    split = neurons * 4 // 5
    excitatory = Synapses(group[:split], group, on_pre="ge += we", namespace=names)
    inhibitory = Synapses(group[split:], group, on_pre="gi += wi", namespace=names)
    excitatory.connect(p=probability)
    inhibitory.connect(p=probability)
    return group, [excitatory, inhibitory]


standalone.measure("cuba", standalone.arguments(40000), describe)
