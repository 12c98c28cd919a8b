"""Brian 2 as a peer of the bench (bench/README.md has the protocol): describes itself, or measures one network."""
import argparse
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

NOT_INSTALLED = 3
WORKLOADS = ["brunel", "coba", "cobahh", "cuba", "vogels-abbott"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--describe", action="store_true")
    parser.add_argument("--workload", choices=WORKLOADS)
    parser.add_argument("--neurons", type=int, default=4000)
    parser.add_argument("--duration-ms", type=float, default=1000.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    try:
        import brian2
    except ImportError as error:
        print("brian2: " + str(error), file=sys.stderr)
        return NOT_INSTALLED
    if shutil.which("g++") is None:
        print("brian2 needs g++ for its C++ standalone device", file=sys.stderr)
        return NOT_INSTALLED
    if options.describe:
        print(json.dumps({"peer": "Brian 2", "version": brian2.__version__, "most_threads": os.cpu_count(),
                          "workloads": WORKLOADS}))
        return 0
    import networks
    import standalone
    print(json.dumps(standalone.measure(options, networks.DESCRIBE[options.workload])))
    return 0


sys.exit(main())
