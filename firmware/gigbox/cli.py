"""The commands; nothing else."""
import argparse, sys
from pathlib import Path
def main():
    p=argparse.ArgumentParser(); sub=p.add_subparsers(dest="c"); b=sub.add_parser("bench")
    b.add_argument("--job",type=Path); b.add_argument("--raw",type=Path); b.add_argument("--channels",type=int); b.add_argument("-o",type=Path)
    a=p.parse_args()
    from gigbox.engine.job import run_job
    run_job(a.job,a.raw,a.channels,a.o)
if __name__=="__main__": main()
