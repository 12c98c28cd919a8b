"""Method exact: alpha-shaped input (a defective matrix) from a spike generator into a clamped variable, and a leaky
chain. Brian 2.5.1 refuses or returns NaN for other singular systems, so those are tested without it."""
from brian2 import NeuronGroup, Network, SpikeGeneratorGroup, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

source = SpikeGeneratorGroup(2, [0, 1, 0, 1, 0, 0, 1], [2, 3, 6.5, 11, 11, 30, 30.1] * ms)
names = dict(tau=9 * ms, tau_s=6 * ms, period=5 * ms)
alpha = NeuronGroup(2, """
    dv/dt = (a - v + 5*mV)/tau : volt (unless refractory)
    da/dt = (s - a)/tau_s : volt
    ds/dt = -s/tau_s : volt
    """, threshold="v > 12*mV", reset="v = 0*mV", refractory=2 * ms, method="exact", namespace=names)
alpha.v = [0, 5] * mV
synapses = Synapses(source, alpha, on_pre="s_post += 60*mV")
synapses.connect(i=[0, 1, 1], j=[0, 0, 1])
chain = NeuronGroup(1, """
    dx/dt = (1 - x)/period : 1
    dy/dt = (x - 2*y)/tau : 1
    dz/dt = (y - z)/tau_s : 1
    """, method="exact", namespace=names)
chain.x = 1
monitor = SpikeMonitor(alpha)
state = StateMonitor(alpha, ["v", "a", "s"], record=True, dt=0.5 * ms)
other = StateMonitor(chain, ["x", "z"], record=True, dt=0.5 * ms)
Network(source, alpha, synapses, chain, monitor, state, other).run(60 * ms)
case.write(spikes={"alpha": case.spikes(monitor)},
           traces={**{name: case.trace(state, name, mV, "mV") for name in "vas"},
                   **{name: case.trace(other, name) for name in "xz"}})
