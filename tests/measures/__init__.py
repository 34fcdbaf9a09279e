from gigbox import blas

blas.one_thread()          # as the programs that are measured have it
