"""Input that arrives while a clamped variable is refractory is dropped, for delay 0 and 0.3 ms."""
from brian2 import NeuronGroup, Network, SpikeGeneratorGroup, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

source = SpikeGeneratorGroup(1, [0, 0, 0, 0], [1.0, 1.3, 1.5, 2.0] * ms)
group = NeuronGroup(2, "dv/dt = 0*volt/second : volt (unless refractory)", threshold="v > 10*mV", reset="v = 0*mV",
                    refractory=0.5 * ms, method="euler")
synapses = Synapses(source, group, on_pre="v_post += 11*mV")
synapses.connect(i=[0, 0], j=[0, 1])
synapses.delay = [0, 0.3] * ms
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "not_refractory"], record=True)
Network(source, group, synapses, monitor, state).run(4 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "not_refractory": case.trace(state, "not_refractory")})
