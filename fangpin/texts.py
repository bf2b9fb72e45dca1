"""Help texts of the command."""

HELP = """fangpin - who falls back into poverty under which policy, and why (防贫：返贫风险模拟)

usage:
  fangpin run [key=value ...]   simulate a county under one or more policies and compare them
  fangpin run --help            the keys
  fangpin version               the version

first command:
  fangpin run                   Nanyang (Henan), documented policy against all support kept, 2021-2025
"""

RUN_HELP = """fangpin run [key=value ...] - simulate a county under one or more policies and compare them

  place=nanyang             the place
  policy=documented,kept    policies, separated by commas; compared in pairs with `kept`, or with the first
  households={households}          rural households of the simulated county (shrunk by whole villages), or `all`
  months=60                 months from 2021-01, 1 to 120
  reps=8                    replications: independent repetitions of the random draws, for error and bands
  seed=1                    seed; replication r has the same luck under every policy
  threads=                  threads of the model, all processors by default; they do not change results
  out=runs/<place>          folder for results; the same command continues there where it stopped
  lang=zh                   language of tables and charts: zh or en
  lever.field=value         change one field of a lever under every policy

Exit code: 0 done, 1 some runs failed (see errors/ in the folder), 2 the command could not be understood,
130 interrupted (the same command continues).

examples:
  fangpin run lang=en
  fangpin run households=all reps=20 out=results
  fangpin run policy=documented,kept,cliff months=84
"""
