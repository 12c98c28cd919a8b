"""Arithmetic and functions, of negative numbers too: %, //, **, floor, ceil, int, abs, sign, clip, exp, log, tan ..."""
from brian2 import NeuronGroup, Network, StateMonitor, ms

import case

expressions = dict(
    modulo="x % 1.5", modulo_negative="x % -0.7", modulo_integer="k % 7", floor_divide="x // 0.7",
    floor_divide_integer="k // 4", floored="floor(x)", ceiled="ceil(x)", truncated="int(x)*1.0", absolute="abs(x)",
    signed="sign(x)", clipped="clip(x, -1.25, 2)", square="-x**2", power="abs(x)**1.7", inverse="(x + 100)**-2",
    root="sqrt(abs(x))", half="abs(x)**0.5", exponential="exp(x)", logarithm="log(abs(x) + 0.1)",
    decadic="log10(abs(x) + 0.1)", sine="sin(x)", cosine="cos(x)", tangent="tan(x/4)", hyperbolic="tanh(x)",
    sinus_hyperbolic="sinh(x)", cosinus_hyperbolic="cosh(x)", inverse_sine="arcsin(x/10)", inverse_cosine="arccos(x/10)",
    inverse_tangent="arctan(x)", relative="exprel(x)", minus_one="expm1(x)", one_plus="log1p(abs(x))",
    quotient="k/4", flag="int(x > 0.5)", mixed="2.0**-1*3.0**2**0.5 - 7//2 + 7 % 4 - -3 % 5", steps="timestep(t + x*ms, dt)")
group = NeuronGroup(9, "\n".join(["x = i - 4 + sin(0.9*t/ms) : 1", "k = i*3 - 11 : integer"] +
                                 [f"{name} = {text} : {'integer' if name == 'steps' else '1'}"
                                  for name, text in expressions.items()]))
state = StateMonitor(group, ["x", *expressions], record=True, dt=1 * ms)
Network(group, state).run(3 * ms)
case.write(traces={name: case.trace(state, name) for name in ("x", *expressions)})
