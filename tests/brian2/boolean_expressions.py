"""Boolean and integer variables, and/or/not with their precedence, comparisons, int() of a condition, in all roles."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms

import case

names = dict(tau=5 * ms)
group = NeuronGroup(8, """
    dv/dt = (15*mV*int(on and not blocked) + 12*mV*int(i >= 6 or count == 2) - v)/tau : volt
    on = t % (20*ms) < 12*ms or i == 3 : boolean
    blocked : boolean
    tired : boolean
    count : integer
    """, threshold="v > 10*mV and not (tired and i % 2 == 1) or v > 11.5*mV",
    reset="""
    v = 0*mV
    count += 1
    tired = count % 3 == 2
    blocked = count >= 5 and (i < 2 or i != 5)
    """, method="euler", namespace=names)
group.blocked = [False, False, True, False, False, True, False, False]
group.tired = "i == 1"
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "count", "tired", "blocked", "on"], record=[1, 3, 6], dt=1 * ms)
Network(group, monitor, state).run(70 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"),
                   **{name: case.trace(state, name) for name in ("count", "tired", "blocked", "on")}},
           finals={"count": case.values(group.count)})
