"""The networks of the bench in Brian 2: same equations, rules, weights and dt as the examples of the library. Random
connections and first values are Brian's own: compare rates, not spikes.
"""
import numpy
from brian2 import NeuronGroup, PoissonInput, Synapses, Hz, cm, defaultclock, msiemens, mV, ms, nS, pA, pF, ufarad, umetre

IN_DEGREE = 80.0


def project(group, on_pre, names, probability):
    """Excitatory and inhibitory synapses of the whole group onto itself, drawn by probability."""
    split = len(group) * 4 // 5
    excitatory = Synapses(group[:split], group, on_pre=on_pre[0], namespace=names)
    inhibitory = Synapses(group[split:], group, on_pre=on_pre[1], namespace=names)
    excitatory.connect(p=probability)
    inhibitory.connect(p=probability)
    return [excitatory, inhibitory]


CURRENT_BASED = """
    dv/dt  = (ge + gi - (v - El))/taum : volt (unless refractory)
    dge/dt = -ge/taue : volt
    dgi/dt = -gi/taui : volt
    """


def cuba(neurons, seed):
    """Brette et al. 2007, benchmark 2."""
    defaultclock.dt = 0.1 * ms
    names = dict(taum=20 * ms, taue=5 * ms, taui=10 * ms, Vt=-50 * mV, Vr=-60 * mV, El=-49 * mV,
                 we=1.62 * mV, wi=-9 * mV)
    group = NeuronGroup(neurons, CURRENT_BASED, threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exact",
                        namespace=names)
    group.v = "Vr + rand()*(Vt - Vr)"
    return 0.1, group, project(group, ("ge += we", "gi += wi"), names, IN_DEGREE / neurons)


CONDUCTANCE_START = {"ge": "(randn()*1.5 + 4)*10*nS", "gi": "(randn()*12 + 20)*10*nS"}


def coba(neurons, seed):
    """Brette et al. 2007, benchmark 1."""
    defaultclock.dt = 0.1 * ms
    names = dict(c=200 * pF, gl=10 * nS, El=-60 * mV, Vt=-50 * mV, Vr=-60 * mV, Ee=0 * mV, Ei=-80 * mV,
                 taue=5 * ms, taui=10 * ms, we=6 * nS, wi=67 * nS)
    group = NeuronGroup(neurons, """
        dv/dt  = (gl*(El - v) + ge*(Ee - v) + gi*(Ei - v))/c : volt (unless refractory)
        dge/dt = -ge/taue : siemens
        dgi/dt = -gi/taui : siemens
        """, threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exponential_euler", namespace=names)
    group.v = "(-65 + 5*randn())*mV"
    group.ge = CONDUCTANCE_START["ge"]
    group.gi = CONDUCTANCE_START["gi"]
    return 0.1, group, project(group, ("ge += we", "gi += wi"), names, IN_DEGREE / neurons)


HODGKIN_HUXLEY = """
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


def cobahh(neurons, seed):
    """Brette et al. 2007, benchmark 3."""
    defaultclock.dt = 0.1 * ms
    area = 20000 * umetre**2
    names = dict(Cm=1 * ufarad * cm**-2 * area, gl=5e-5 * 1000 * msiemens * cm**-2 * area, El=-60 * mV, EK=-90 * mV,
                 ENa=50 * mV, g_na=100 * msiemens * cm**-2 * area, g_kd=30 * msiemens * cm**-2 * area, VT=-63 * mV,
                 taue=5 * ms, taui=10 * ms, Ee=0 * mV, Ei=-80 * mV, we=6 * nS, wi=67 * nS)
    group = NeuronGroup(neurons, HODGKIN_HUXLEY, threshold="v > -20*mV", refractory=3 * ms,
                        method="exponential_euler", namespace=names)
    group.v = "(-65 + 5*randn())*mV"
    group.ge = CONDUCTANCE_START["ge"]
    group.gi = CONDUCTANCE_START["gi"]
    return 0.1, group, project(group, ("ge += we", "gi += wi"), names, IN_DEGREE / neurons)


def brunel(neurons, seed):
    """Brunel 2000, figure 8 C: g 5, external rate twice the threshold rate, in-degrees a tenth of each kind."""
    defaultclock.dt = 0.1 * ms
    excitatory = round(0.8 * neurons)
    inputs = (round(0.1 * excitatory), round(0.1 * (neurons - excitatory)))
    weight = 100.0 / inputs[0]
    threshold_hz = 1000 * 20.0 / (weight * inputs[0] * 20.0)
    names = dict(taum=20 * ms, Vt=20 * mV, Vr=10 * mV, je=weight * mV, ji=-5 * weight * mV)
    group = NeuronGroup(neurons, "dv/dt = -v/taum : volt (unless refractory)", threshold="v > Vt", reset="v = Vr",
                        refractory=2 * ms, method="exact", namespace=names)
    generator = numpy.random.default_rng(seed)
    others = []
    ends = ((group[:excitatory], excitatory, inputs[0], "v += je"),
            (group[excitatory:], neurons - excitatory, inputs[1], "v += ji"))
    for source, count, degree, on_pre in ends:
        synapses = Synapses(source, group, on_pre=on_pre, delay=1.5 * ms, namespace=names)
        synapses.connect(i=generator.integers(0, count, neurons * degree), j=numpy.repeat(numpy.arange(neurons), degree))
        others.append(synapses)
    others.append(PoissonInput(group, "v", inputs[0], 2 * threshold_hz * Hz, weight * mV))
    return 0.1, group, others


DENSE = 0.1


def vogels_abbott(neurons, seed):
    """GeNN's scaling benchmark (Knight & Nowotny 2021): CUBA at connection probability 0.1, steps of 1 ms, no autapses."""
    defaultclock.dt = 1 * ms
    scale = IN_DEGREE / (DENSE * neurons)
    names = dict(taum=20 * ms, taue=5 * ms, taui=10 * ms, Vt=-50 * mV, Vr=-60 * mV, El=-49 * mV, c=1000 * pF,
                 we=4 * scale * pA, wi=-51 * scale * pA)
    group = NeuronGroup(neurons, """
        dv/dt  = (El - v)/taum + (ie + ii)/c : volt (unless refractory)
        die/dt = -ie/taue : amp
        dii/dt = -ii/taui : amp
        """, threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exact", namespace=names)
    group.v = "Vr + rand()*(Vt - Vr)"
    split = neurons * 4 // 5
    others = []
    for first, last, on_pre in ((0, split, "ie += we"), (split, neurons, "ii += wi")):
        synapses = Synapses(group[first:last], group, on_pre=on_pre, namespace=names)
        synapses.connect(condition="i + %d != j" % first, p=DENSE)
        others.append(synapses)
    return 1.0, group, others


DESCRIBE = {"brunel": brunel, "coba": coba, "cobahh": cobahh, "cuba": cuba, "vogels-abbott": vogels_abbott}
