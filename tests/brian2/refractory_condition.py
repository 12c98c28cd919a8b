"""Refractory as a condition: a Hodgkin-Huxley spike counts once because the neuron stays refractory while v is high;
and an integrate-and-fire neuron that stays refractory, clamped, while a trace is above a level."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, mV, ms

import case

names = dict(tau=10 * ms, drive=25 * mV, tau_a=4 * ms)
pulse = NeuronGroup(3, """
    dv/dt = (drive + i*5*mV - v)/tau : volt (unless refractory)
    da/dt = -a/tau_a : 1
    """, threshold="v > 12*mV", reset="v = 0*mV; a = 1", refractory="a > 0.3", method="exact", namespace=names)
wave = NeuronGroup(2, """
    dx/dt = y*(1 + i)/ms/5 : 1
    dy/dt = -x*(1 + i)/ms/5 : 1
    """, threshold="x > 0.5", refractory="x > 0.2", method="rk4", namespace=names)
wave.x = 1
monitors = [SpikeMonitor(pulse), SpikeMonitor(wave)]
state = StateMonitor(pulse, ["v", "not_refractory"], record=[1])
waves = StateMonitor(wave, ["x", "not_refractory"], record=[0, 1])
Network(pulse, wave, monitors, state, waves).run(40 * ms)
case.write(spikes={"pulse": case.spikes(monitors[0]), "wave": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "pulse_open": case.trace(state, "not_refractory"),
                   "x": case.trace(waves, "x"), "wave_open": case.trace(waves, "not_refractory")})
