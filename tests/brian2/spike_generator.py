"""Spike lists with times that are not multiples of dt: which step they fall in, and the step their input is seen."""
from brian2 import NeuronGroup, Network, SpikeGeneratorGroup, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

times = [0, 0.04, 0.05, 0.06, 0.19, 0.3, 1.0, 1.04999, 1.05, 2.96, 2.999999, 3.3, 7.1]
source = SpikeGeneratorGroup(13, list(range(13)), times * ms)
relay = NeuronGroup(13, "x : 1", threshold="x > 0", reset="x = 0")
synapses = Synapses(source, relay, on_pre="x_post += 1")
synapses.connect(j="i")
counter = NeuronGroup(1, "dv/dt = -v/(5*ms) : volt", method="exact")
total = Synapses(source, counter, on_pre="v_post += (1 + i)*mV")
total.connect()
monitors = [SpikeMonitor(source), SpikeMonitor(relay)]
state = StateMonitor(counter, "v", record=True)
Network(source, relay, synapses, counter, total, monitors, state).run(8 * ms)
case.write(spikes={"source": case.spikes(monitors[0]), "relay": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV")})
