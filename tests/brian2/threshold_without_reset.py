"""A threshold without reset fires in every step in which it holds; with a refractory time, once per period."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, ms

import case

equations = "dx/dt = -x/(4*ms) + 0.5*cos(t/(1.5*ms))/ms : 1"
free = NeuronGroup(2, equations, threshold="x > 0.4 + 0.1*i", method="euler")
held = NeuronGroup(2, equations, threshold="x > 0.4 + 0.1*i", refractory=0.5 * ms, method="euler")
counter = NeuronGroup(2, "n_spikes : 1")
synapses = Synapses(free, counter, on_pre="n_spikes_post += 1")
synapses.connect(j="i")
monitors = [SpikeMonitor(free), SpikeMonitor(held)]
state = StateMonitor(counter, "n_spikes", record=True)
Network(free, held, counter, synapses, monitors, state).run(25 * ms)
case.write(spikes={"free": case.spikes(monitors[0]), "held": case.spikes(monitors[1])},
           traces={"n_spikes": case.trace(state, "n_spikes")})
