"""Per-neuron time constants, thresholds and currents, constant or changed by the reset, linear and nonlinear."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms

import case

r = case.lcg(30, 21).reshape(3, 10)
linear = NeuronGroup(10, """
    dv/dt = (current - v)/tau : volt
    tau : second (constant)
    current : volt (constant)
    level : volt
    """, threshold="v > level", reset="v = 0*mV; level += 0.5*mV", method="exponential_euler")
quadratic = NeuronGroup(10, """
    dv/dt = (v*v/(20*mV) + current - v)/tau : volt
    tau : second (constant)
    current : volt (constant)
    level : volt
    """, threshold="v > level", reset="v = -5*mV; level += 1*mV", method="rk4")
for group in (linear, quadratic):
    group.tau = (5 + 20 * r[0]) * ms
    group.current = (14 + 10 * r[1]) * mV
    group.level = (9 + 2 * r[2]) * mV
monitors = [SpikeMonitor(linear), SpikeMonitor(quadratic)]
state = StateMonitor(quadratic, ["v", "level"], record=[0, 9], dt=1 * ms)
Network(linear, quadratic, monitors, state).run(120 * ms)
case.write(spikes={"linear": case.spikes(monitors[0]), "quadratic": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "level": case.trace(state, "level", mV, "mV")},
           finals={"level": case.values(linear.level, mV, "mV")})
