"""Method euler: FitzHugh-Nagumo and a driven nonlinear oscillator whose right side reads the time."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, ms

import case

relaxation = NeuronGroup(3, """
    dx/dt = (x - x**3/3 - y + 0.4 + 0.1*i)/(1*ms) : 1
    dy/dt = 0.08*(x + 0.7 - 0.8*y)/ms : 1
    """, threshold="x > 1", refractory="x > 0", method="euler")
relaxation.x = -1.2
relaxation.y = -0.6
driven = NeuronGroup(1, """
    dp/dt = q/(2*ms) : 1
    dq/dt = (p - p**3 - 0.25*q + 0.3*cos(t/(2*ms)))/(2*ms) : 1
    """, method="euler")
driven.p = 0.5
monitor = SpikeMonitor(relaxation)
state = StateMonitor(relaxation, ["x", "y"], record=[0, 2], dt=1 * ms)
other = StateMonitor(driven, ["p", "q"], record=True, dt=1 * ms)
Network(relaxation, driven, monitor, state, other).run(100 * ms)
case.write(spikes={"relaxation": case.spikes(monitor)},
           traces={**{name: case.trace(state, name) for name in "xy"}, **{name: case.trace(other, name) for name in "pq"}})
