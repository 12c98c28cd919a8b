"""Short-term plasticity with event-driven equations that relax to a per-synapse constant (affine, not only decay)."""
from brian2 import NeuronGroup, Network, SpikeGeneratorGroup, StateMonitor, Synapses, mV, ms

import case

indices = [0] * 10 + [1] * 4
source = SpikeGeneratorGroup(2, indices, ([10 + 20 * k for k in range(10)] + [5, 12, 50, 150]) * ms)
names = dict(tau_m=15 * ms, tau_f=120 * ms, tau_d=80 * ms, amplitude=2 * mV)
group = NeuronGroup(2, "dv/dt = -v/tau_m : volt", method="exact", namespace=names)
synapses = Synapses(source, group, """
    du/dt = (U - u)/tau_f : 1 (event-driven)
    dx/dt = (1 - x)/tau_d : 1 (event-driven)
    U : 1 (constant)
    """, on_pre="""
    u += U*(1 - u)
    released = u*x
    x -= released
    v_post += amplitude*released
    """, namespace=names)
synapses.connect(i=[0, 0, 1, 1], j=[0, 1, 0, 1])
synapses.U = [0.5, 0.1, 0.3, 0.05]
synapses.u = synapses.U[:]
synapses.x = 1
state = StateMonitor(group, "v", record=True, dt=1 * ms)
Network(source, group, synapses, state).run(220 * ms)
case.write(traces={"v": case.trace(state, "v", mV, "mV")},
           finals={"u": case.values(synapses.u), "x": case.values(synapses.x)})
