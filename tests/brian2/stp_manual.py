"""Short-term plasticity (Tsodyks-Markram) written by hand with a declared `lastupdate`, depressing and facilitating."""
from brian2 import NeuronGroup, Network, SpikeGeneratorGroup, StateMonitor, Synapses, mV, ms

import case

indices = [0] * 10 + [1] * 4
source = SpikeGeneratorGroup(2, indices, ([10 + 20 * k for k in range(10)] + [5, 12, 50, 150]) * ms)
names = dict(tau_m=15 * ms, tau_f=120 * ms, tau_d=80 * ms, amplitude=2 * mV)
group = NeuronGroup(2, "dv/dt = -v/tau_m : volt", method="exact", namespace=names)
synapses = Synapses(source, group, """
    u : 1
    x : 1
    U : 1 (constant)
    lastupdate : second
    """, on_pre="""
    u = U + (u - U)*exp(-(t - lastupdate)/tau_f)
    x = 1 + (x - 1)*exp(-(t - lastupdate)/tau_d)
    u += U*(1 - u)
    released = u*x
    x -= released
    v_post += amplitude*released
    lastupdate = t
    """, namespace=names)
synapses.connect(i=[0, 0, 1, 1], j=[0, 1, 0, 1])
synapses.U = [0.5, 0.1, 0.3, 0.05]
synapses.u = synapses.U[:]
synapses.x = 1
state = StateMonitor(group, "v", record=True, dt=1 * ms)
Network(source, group, synapses, state).run(220 * ms)
case.write(traces={"v": case.trace(state, "v", mV, "mV")},
           finals={"u": case.values(synapses.u), "x": case.values(synapses.x),
                   "lastupdate": case.values(synapses.lastupdate, ms, "ms")})
