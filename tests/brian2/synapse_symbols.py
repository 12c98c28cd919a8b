"""Synapse code that reads i, j, degrees, population sizes, t and neuron variables, writes to both ends, subtracts."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, ms

import case

source = NeuronGroup(4, """
    dx/dt = (1.5 + 0.2*i - x)/(6*ms) : 1
    back : 1
    """, threshold="x > 1", reset="x = 0", refractory=1 * ms, method="euler")
target = NeuronGroup(3, """
    dy/dt = (0.8 - y)/(9*ms) : 1
    gain : 1
    total : 1
    """, threshold="y > 1.2", reset="y = 0", method="euler")
target.gain = "1 + 0.5*i"
synapses = Synapses(source, target, "w : 1", on_pre="""
    share = w/N_incoming
    y_post += 0.5*share*gain_post
    total_post -= share*(i + 10*j)*x_pre + N_outgoing + 0.01*t/ms
    back_pre += w*N_post/N_pre
    """, on_post="back_pre -= 0.1*w*y_post")
synapses.connect(i=[0, 0, 1, 2, 2, 2, 3, 3], j=[0, 1, 1, 0, 1, 2, 2, 0])
synapses.w = "1 + 0.25*i - 0.125*j"
monitors = [SpikeMonitor(source), SpikeMonitor(target)]
states = [StateMonitor(source, "back", record=True, dt=1 * ms), StateMonitor(target, ["y", "total"], record=True, dt=1 * ms)]
Network(source, target, synapses, monitors, states).run(50 * ms)
case.write(spikes={"source": case.spikes(monitors[0]), "target": case.spikes(monitors[1])},
           traces={"back": case.trace(states[0], "back"), "y": case.trace(states[1], "y"),
                   "total": case.trace(states[1], "total")})
