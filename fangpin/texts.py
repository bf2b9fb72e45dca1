"""Help texts of the command."""

HELP = """fangpin - who falls back into poverty under which policy, and why (防贫：返贫风险模拟)

usage:
  fangpin run [key=value ...]   simulate a county under one or more policies and compare them
  fangpin compare DIR           policies of a folder beside each other: the bureau's page, differences, who, money
  fangpin marginal lever=KNOB   what each further million yuan on a lever buys
  fangpin shapley [key=value ...]
                                shares of relapses by cause that add up: hazards, the line, the end of support
  fangpin check [key=value ...] check the model against itself: what must hold whatever the values are
  fangpin sweep axis=a,b ...    every combination of options, compared in pairs
  fangpin forecast              the plan period with its uncertainty: fan charts, the goal by year, hindcasts with asof=
  fangpin score [DIR ...]       forecasts as of past years against what was then observed, and against naive rivals
  fangpin sensitivity           which parameters, levers and luck move an outcome or a policy difference
  fangpin search                paths that make relapse and cost small, and how much worse a simple rule is
  fangpin charts [DIR]          flows of families among states, falls by place, a map where boundaries are given
  fangpin life FAMILY           one family's months under several policies: account, decisions, chart
  fangpin dashboard             a live page in the browser: two policies side by side, sliders, month by month
  fangpin places                places, and what each says differently from its parents
  fangpin policies              policies, and what they change
  fangpin sets [SET]            scenario sets: a question, its arms, stress and outputs
  fangpin levers [key=value]    levers of the five plans in a place: in force or not, whom they reach, how well founded
  fangpin explain NAME          all that the files say of a lever or value, with sources and clauses
  fangpin coverage [place=]     a plan clause by clause: levers, targets, or why it is not simulated
  fangpin facts [DIR]           observed figures; simulated against observed where there are results
  fangpin targets [DIR]         what a plan commits to: kept, missed, or nobody can tell
  fangpin causes [DIR]          why households fell: main and second causes, typical chains of events, one household's chain
  fangpin survey FILE codebook= read a survey panel and tell what is in it; `fangpin survey made OUT` makes one
  fangpin grow data= codebook=  households with a history from a survey, reweighted to a place: a file for population=
  fangpin calibrate data= codebook=
                                parameters with intervals from a survey panel, and what it could not tell
  fangpin odd                   the model by the ODD protocol, written from its own rules, values and levers
  fangpin validate [DIR]        simulated against observed: every published figure, with bands and a verdict
  fangpin report DIR [...]      stored results as a report in Word, Excel and one HTML page
  fangpin release DIR register= tables of runs of real persons, through the disclosure gate
  fangpin goal [DIR]            how likely no large-scale relapse happens: thresholds, years, counties, clusters, a traffic light
  fangpin stress [key=value ...] reverse stress test: the mildest shock that breaks the goal
  fangpin warning [DIR]         early warning: delay, recall and precision, help in time, what one more worker brings
  fangpin runs [DIR]            which runs of a folder are done, missing, failed, and why
  fangpin rerun DIR RUN         one run once more, compared with the stored one byte by byte
  fangpin COMMAND --help        the keys of a command
  fangpin version               the version

first command:
  fangpin run                   Nanyang (Henan), documented policy against all support kept, 2021-2025
"""

RUN_HELP = """fangpin run [key=value ...] - simulate a county under one or more policies and compare them

  place=nanyang             the place
  policy=documented,kept    policies, separated by commas; compared in pairs with `kept`, or with the first
  set=                      a scenario set (`fangpin sets`), or a .yaml file of your own: its arms instead of policies
  arms=                     only these arms of the set
  stress=                   these stresses of the set together; off for none, all, apart for none and then each alone;
                            without the word, as the set says (some run several studies, each in a folder of its own)
  levers=                   .yaml files of levers of your own, separated by commas
  parameters=               parameters drawn anew for each replication: priors, posterior (the newest that `fangpin calibrate`
                            made of this place below runs/; which one is said), a .yaml file of priors, or a .parquet or
                            .csv table with a row a draw; without it the places' own values count
  population=synthetic      a .parquet file that `fangpin grow` made of a survey; or person_level where the place itself was
                            made from rows of real persons. Tables then leave through `fangpin release` alone
  households={households}          rural households of the simulated county (shrunk by whole villages), or `all`
  months=60                 months from 2021-01, 1 to 120
  reps=8                    replications: independent repetitions of the random draws, for error and bands
  seed=1                    seed; replication r has the same luck under every policy
  workers=                  runs made at a time, each by a process; by default as many as processors and memory allow
  threads=                  threads of each model; they do not change results, nor do workers or cluster
  cluster=                  tcp://host:port of a Dask scheduler, or local for a Dask cluster on this machine (docs/running.md)
  out=runs/<place>          folder for results; the same command continues there where it stopped
  lang=zh                   language of tables and charts: zh or en
  lever.field=value         change one field of a lever under every policy
  lever.knob=value          turn a knob from January 2021 on; lever.knob@2023=value from that date on (`fangpin explain` lists
                            knobs); lever.enabled=false switches a lever off

Exit code: 0 done, 1 some runs failed (see errors/ in the folder), 2 the command could not be understood,
130 interrupted (the same command continues).

examples:
  fangpin run lang=en
  fangpin run households=all reps=20 out=results
  fangpin run policy=documented,kept,cliff months=84
  fangpin run set=premium_subsidy_exit place=longyan
"""

SWEEP_HELP = """fangpin sweep [key=value ...] [FILE.yaml] - every combination of options and values, compared in pairs with a base

  premium=kept,linear,cliff           an axis: options of a group (`fangpin groups`), or a .yaml file with name and set
  premium_subsidy_exit=keep_full,...  every scenario set is a group, its arms are the options
  lever.knob=0.5,0.75,1               an axis of figures; values.name=, lever.field= and dates (@2023) as for `fangpin run`
  policy=documented                   the policy that options are put on; several are an axis
                                      Hydra's grammar: a,b  range(0,1,0.25)  choice(a,b)  glob(cut*)
  base=                               the cell that others are compared with: a part of it is enough, base=premium=kept;
                                      the first cell if none is named
  place=nanyang,longyan               several places: a study each in a folder of its own, then set beside each other
  outcome=relapse_net                 what table, chart and precision are about
  precision=0.1pp                     instead of reps=: replications until half of every paired 95% interval is that narrow
  most=200                            replications that precision= never exceeds
  reps= seed= households= months= parameters= stress= levers= workers= threads= cluster= out= lang=
                                      as for `fangpin run`
  FILE.yaml                           the same words from a file: key: value, or key: [value, value]

Replications are no axis: replication r has the same luck in every cell. Results go to runs/sweep-<place>: a row a cell in
tables/sweep.csv. A command that was interrupted continues where it stopped.

examples:
  fangpin sweep place=nanyang premium=kept,linear,cliff jobs=kept,natural_exit,cut20 reps=20
  fangpin sweep premium=glob(*) precision=0.1pp households=4000
  fangpin sweep premium=kept,cliff values.job_finding=0.15,0.22 out=jobs-matter
"""

FORECAST_HELP = """fangpin forecast [key=value ...] - the plan period of a place with its uncertainty, frozen to be scored later

  policy=documented,linear  policies, .yaml files, cells; a word that is an option of one group alone stands on the first policy
                            named: linear is documented;premium=linear
  premium=linear,cliff      options of a group, as for `fangpin sweep`: cells beside the policies, on the first of them
  horizon=2021-2025         years shown; runs begin in 2021 always
  extend=2027               simulate and show up to this year (2030 at most): 24 months after the transition are marked
  asof=2022-12              a hindcast: observations dated later are hidden, later inputs are not used and listed in
                            tables/asof.csv; default values that were fitted to figures of the country are
                            those that the figures known then ask for, and what still leans on later ones is named
  inputs=trend              inputs after that month: amounts of money go on by the median of their yearly changes in the three
                            years before, a tenth a year at most, all else is held; inputs=held: everything is
  outcome=                  what is forecast, separated by commas: quantities of the tables or indicators of `fangpin facts`; by
                            default the rates of the goal and all that has an observed counterpart
  parameters=priors         drawn anew for each replication; posterior or a file as for `fangpin run`; none for luck alone
  reps=20                   repetitions: each with its own luck and parameters
  seed= place= households= stress= levers= workers= threads= cluster= out= lang= lever.field=
                            as for `fangpin run`

Bands hold the middle 50, 70 and 90% of the repetitions. forecasts/<asof>-<hash>/ holds the frozen forecast: forecast.json,
draws.parquet, quantiles.csv, goal.csv; charts/ the fans, the paired differences and the goal by year (PNG, SVG, PDF).

examples:
  fangpin forecast place=nanyang policy=documented,linear extend=2027 reps=40
  fangpin forecast asof=2022-12 outcome=income_gross_pc,workers_per_person,relapse_net
"""

SCORE_HELP = """fangpin score [DIR ...] [key=value ...] - forecasts of the past against what was observed, and naive rivals

  DIR                       folders of `fangpin forecast`, or frozen forecasts: scored as they are; without words all in runs/
  place=national            makes the forecasts that are missing first, then scores them; figures of the place itself count,
                            so that national has most of them
  asof=2020-12,2022-12      months of knowledge; by default the Decembers from 2020 to 2024
  policy=documented reps=20 households= parameters=priors inputs=trend seed= out= lang= ...
                            as for `fangpin forecast`

Scored are the series of scenarios/scored.yaml, named beforehand: CRPS, cover of the 50, 70 and 90% bands, PIT, bias. Rivals with
distributions of their own: persistence, linear trend, AR(1), made of the figures known by then. Managed figures, and those that
default values were chosen with, stand apart. Writes tables/scores.csv, scorecard.csv, left-out.csv, score-zh.md and charts.
Needs scoringrules: pip install "fangpin[calibration]".

examples:
  fangpin score place=national asof=2022-12 households=700 reps=20
  fangpin score runs/forecast-national-asof-2022-12 lang=en
"""

VALIDATE_HELP = """fangpin validate [DIR] [key=value ...] - simulated against observed, with bands and a verdict a figure

  DIR                       a folder of stored runs: they are held against the figures as they stand today, nothing is simulated
                            (besides it only lang=)
  place={place}            whose runs are made: most figures are the country's, totals among them
  parameters=               priors, posterior or a file of draws: the bands then hold the parameters too
  reps={reps}                    repetitions; the band of fewer than 40 is that of one more, of more their middle 90%
  households={households}           rural households of each simulated county, or `all`
  policy=documented         what is held against the figures: `documented` where it takes part, else the first
  months= seed= levers= workers= threads= cluster= out= lang= lever.field=
                            as for `fangpin run`

A figure agrees where the whole band lies within its tolerance (10%; 25% where it is recalled; at most 3 points of a share, 2
points of a growth rate), differs where no part of it does, and cannot be told in between. Emergent figures that no value was
chosen with are the test; those in sample, inputs and administrative targets stand apart and prove nothing. docs/validation.md

Writes tables/validation.csv and .parquet and charts/validation-<lang> (PNG, SVG, PDF) into DIR or runs/validate-<place>.

examples:
  fangpin validate
  fangpin validate runs/nanyang lang=en
  fangpin validate place=nanyang parameters=posterior reps=40
"""

SENSITIVITY_HELP = """fangpin sensitivity [key=value ...] - which parameters, levers and luck move an outcome or a difference

  policy=documented,kept    two policies: their paired difference; one: its level
  outcome=relapse_net       a quantity of the tables, mean of the years
  method=morris             morris: mean size of the change when an input moves (cheap, to screen);
                            sobol: shares of the variance, the share of luck among them
  over=                     keys of priors to vary, separated by commas; all of scenarios/priors.yaml by default, none for none
  lever.knob=interval(0,1)  a lever's knob or a value varied evenly between two figures
  samples=                  trajectories of morris (10), base points of sobol (64, a power of two)
  luck=8                    different lucks that points are given: the input `luck`
  place= households=2000 months= seed= out= lang=    as for `fangpin run`

Points: samples x (inputs + 1) for morris, samples x (inputs + 2) for sobol, each under every policy; luck is an input.
Needs SALib: pip install "fangpin[calibration]".

examples:
  fangpin sensitivity over=values.bill_mean*,values.enrol_price,values.job_finding*
  fangpin sensitivity method=sobol samples=64 over=values.bill_mean* premium_subsidy_taper_ex_poor.path=interval(0,1) policy=kept
"""

CALIBRATE_HELP = """fangpin calibrate data=PANEL codebook=NAME [key=value ...] - parameters with intervals from a survey panel

  data=                     a file (.dta .sav .csv .xlsx .parquet), or the folder with the files of all waves
  codebook=                 cfps, charls, monitoring, or a .yaml file of your own (`fangpin survey --help`)
  encoding=                 of text in old files; found out without it
  place=nanyang             the place, one county
  policy=documented         what was in force
  moments=standard          sets, families or single moments, with commas between (docs/calibration.md)
  parameters=               what is free: keys of scenarios/priors.yaml with commas between, or a .yaml file of priors;
                            without the word, nine of income, work and health
  method=posterior          posterior: point estimate and draws; msm: point estimate by simulated moments alone; npe: draws by
                            neural posterior estimation (needs the extra npe); posterior,npe: it as a second opinion
  reps=4                    runs at each point of the search
  points=256                points of each design of the posterior, and of each round of npe
  check=60                  pseudo data sets of known truth that the intervals are tried on, a run each; 0 for none
  error=yes                 yes: simulated answers are misreported as made surveys are (an assumption); no: told as they were
  sample=                   which of the survey's households are compared, for a county simulates its poorer ones only.
                            poorer: those ever registered as poor, and the poorer by all waves up to the place's simulated_share;
                            registered: those ever registered, of the simulated county too; all: every one. Without the word,
                            all for unchanged files of `fangpin survey made`, else what the codebook says
  households={households}           rural households of the simulated county
  seed= workers= threads= cluster= levers= out= lang= lever.field=value    as for `fangpin run`

Waves before 2014 are left out: the model does not live them. Every run is stored under runs/calibrate-<place>: a command that
was interrupted continues, the same command a second time makes no run. Writes posterior.parquet, which `fangpin run`,
`fangpin sweep` and `fangpin forecast` take by parameters=, calibration.json with everything that has to be known of it, and
calibration.html, the same with its pictures in one file. A second opinion writes posterior-npe.parquet; method=npe where a
posterior by the same words lies already stands beside it.

Exit code: 0 done, 1 runs failed or the data do not do, 2 the command could not be understood, 130 interrupted.

examples:
  fangpin calibrate data=panels codebook=cfps place=nanyang lang=en
  fangpin calibrate data=panels codebook=cfps parameters=values.bill_mean*,values.job_loss_migrant method=msm
  fangpin calibrate data=panels codebook=cfps place=nanyang method=posterior,npe
"""

REPORT_HELP = """fangpin report DIR [DIR ...] [key=value ...] - a report of stored results in Word, Excel and one HTML page

  DIR                       a folder that `fangpin run`, `sweep` or `forecast` wrote; several: places beside each other; none: the
                            newest folder under runs/
  format=docx,xlsx,html     which files
  out=DIR/report            folder for them: report-<lang>.docx, .xlsx, .html
  base=                     policy that the others are compared with; by default that of the study
  policy=                   policy of the bureau's page and of the targets; by default what the plan says
  boundaries=FILE           a GeoJSON file of polygons: a map beside the small multiples (names as for `fangpin charts`)
  lang=zh                   zh or en

Of runs of real persons (`population=person_level`) only what passes the disclosure gate is reported:
  register=FOLDER           the register of all that was released of the same persons
  unit=households           households or persons
  secure=WHO why=REASON     the whole report for a secure room; the register takes it down. Goes to DIR/secure

Question, answer, the bureau's first page, method, results by target with the clause, who and why, cost, uncertainty, what was
assumed, caveats. Nothing is simulated. The same folder gives the same bytes. Needs pip install "fangpin[report]".
Exit code: 0 done, 2 the command could not be understood or was refused.

examples:
  fangpin report runs/nanyang
  fangpin report runs/nanyang runs/longyan format=docx lang=en out=reports
"""

SHAPLEY_HELP = """fangpin shapley [key=value ...] - shares of relapses by cause that add up, from paired runs

  place=nanyang             the place
  policy=documented         one policy: shipped, an arm of a set, a .yaml file
  players=illness,disaster,job_loss,price,line,support
                            up to six; every coalition of them is a run for each replication (2 to the players).
                            illness, disaster, job_loss, price: the hazard is off from 2021 on; line: the poverty line is frozen;
                            support: all support kept; supports: the end of support by field of policy, a player each;
                            or levers that the policy changes; + joins several into one player
  measure=relapse_net_persons
                            also relapse_gross_persons, relapse_guarantees_persons, relapse_core_persons,
                            registry_relapse_persons, shortfall
  group=ex_poor             ex_poor, marginal, other or all
  households={households}          as for `fangpin run`: also months, reps, seed, threads, levers, stress, lang, lever.field=value
  out=runs/shapley-...      folder; the same command continues there; another measure or group reads the same runs

Shares are exact for the runs made; their intervals are over replications. Writes tables/shapley-*.csv and charts/shapley-*.

examples:
  fangpin shapley policy=cliff households=3000 reps=4
  fangpin shapley policy=cliff players=supports
  fangpin shapley policy=cliff players=public_welfare_jobs+ecological_rangers,premium_subsidy_taper_ex_poor
"""

SEARCH_HELP = """fangpin search [key=value ...] - paths by which support may end that make relapse and cost small

  space=exits               what is looked through: rules in scenarios/searches/, or a .yaml file of your own
  minimise=relapse,cost     objectives, minus the base over the horizon: relapse (ex-poor, net), falls (marginal, net), cost
  budget=                   million yuan above the base that a path may cost; below zero to save: budget=-5
  robust=mean               how repetitions count: mean, cvar (mean of the worst fifth) or regret (the largest, against the best
                            path in each repetition); with parameters= repetitions differ by their parameters as well
  most=120                  paths evaluated at most: all there are when they are so few, else by a genetic search (NSGA-II)
  place= households=4000 reps=8 months= seed= parameters= levers= out= lang=    as for `fangpin run`

Every path meets the same luck. The best ones are run again with fresh luck, since what was chosen looks better than it is; the
last line says how much worse the best simple rule is than the best path that costs no more. The same command goes on where it
stopped.
Needs pymoo: pip install "fangpin[search]".

examples:
  fangpin search place=nanyang budget=-5 minimise=relapse,cost
  fangpin search space=my-space.yaml parameters=priors robust=cvar reps=16
"""

CHECK_HELP = """fangpin check [key=value ...] - check the model against itself: what must hold whatever the values are

  place=nanyang             the place: one county
  policy=documented         the policy checked; kept, orderly and cliff are run beside it
  households={households}          rural households of the simulated county
  reps={reps}                    replications: more of them narrow the intervals
  seed=1                    seed
  threads=                  threads of the model, all processors by default
  out=                      folder for checks.csv; none is written without it
  lang=zh                   language of the table: zh or en
  only=townships,counties   these checks alone, of:
{checks}
  lever.field=value         change one field of a lever under every policy

A check holds when the 95% interval of what was measured lies within its bounds, fails when it lies outside, and cannot tell
otherwise: raise households= or reps=. Exit code: 0 none failed, 1 a check failed, 2 the command could not be understood.
"""

STRESS_HELP = """fangpin stress [key=value ...] - the mildest shock under which the goal no longer holds

  shock=                    what is scaled, of size 1 as named: a stress of a set, premium_subsidy_exit/illness_wave, or a value
                            times a factor, values.job_finding@2023-01*0.5; several, separated by commas, are moved together
  upto=2                    largest size: 0 is no shock, 2 moves the values twice as far
  outcome=poor_stock        the rate that the goal is about (a rate of tables/summary.csv)
  limit=2%                  what it has to stay below in every year
  chance=0.5                the goal holds while its probability is at least this
  tolerance=0.05            how narrow the answer has to be, as a share of upto
  place=nanyang             the place
  policy=documented         one policy
  households={households}           rural households of the simulated county, or `all`
  reps={reps}                   replications; all sizes have the same luck
  out=runs/stress-...       folder; the same command continues there where it stopped
  months=60 seed=1 threads= levers= parameters= lang=zh lever.field=value   as for `fangpin run`

Every size is a stored run; stress.csv lists all that were tried.

example:
  fangpin stress place=nanyang shock=medical_normalisation/illness_wave outcome=relapse_net limit=5% lang=en
"""

LIFE_HELP = """fangpin life FAMILY [key=value ...] - one family's months under several policies
fangpin life --from DIR --household ID [policy=...] - the same for a household of a stored run
fangpin life --from DIR - households of a stored run that fell below the line, to choose one

  FAMILY                    a shipped family (g02, g03, ...), or a .yaml file of your own
  policy=kept,orderly,cliff policies, side by side
  place=                    the place; the family's own by default
  households=               rural households of a county that the family moves into; without it the family lives alone and
                            nothing is rationed
  months=                   months from the family's start
  seed=1                    luck of all that is not forced
  threads=                  threads of the model
  out=lives/<id>            folder for accounts (CSV) and chart (PNG, SVG, PDF)
  lang=zh                   zh or en
  lever.field=value         change the scenario

  --from DIR                a folder that `fangpin run` wrote: a study or one run
  --household ID            a household of it; without it those that fell are listed by cause

examples:
  fangpin life g02
  fangpin life my-family.yaml policy=documented,kept place=nanyang lang=en
  fangpin life --from runs/nanyang
"""

DASHBOARD_HELP = """fangpin dashboard [key=value ...] - a live page in the browser: two policies of one county, month by month

  place=nanyang             a county: a place of `fangpin places` (national/west_other where it lists several), or a .yaml file
  policy=documented,kept    one or two policies or cells, such as "documented;premium=cliff"; the other one is `kept`
  households=1000           rural households of the simulated county
  months=60                 months from 2021-01
  seed=1                    seed; both sides meet the same luck, that of the first replication of `fangpin run` with this seed
  port=8765                 port of this machine, or 0 for any free one
  lang=zh|en                language of the page
  lever.field=0.5           a change of both sides

The page is at http://127.0.0.1:8765 and answers this machine alone; nothing is fetched from or sent to any other. On it: place,
policy, options of groups and sliders of the levers for each side; step, play or run to the end; rates, causes, the budget by
account, a family's story and the comparison. Ctrl-C ends it. It needs pip install "fangpin[ui]".

examples:
  fangpin dashboard
  fangpin dashboard place=longyan policy="documented;jobs=cut20,documented" lang=en port=0
"""

RERUN_HELP = """fangpin rerun DIR RUN [lang=zh|en] - make one run of a folder once more and compare its files with the stored ones

  DIR                       a folder that `fangpin run`, `fangpin sweep` or another command wrote runs to
  RUN                       the id of a run (`fangpin runs DIR`): the beginning of its key

It says first what is not as it was: engine, libraries, the scenario's files. Exit code: 0 all files are the same to the byte,
1 they are not or the run fails, 2 the command could not be understood. Nothing is written.
"""

LOOKUP_HELP = {
    "places": """fangpin places [lang=zh|en] - the shipped places: names, parent, plan, transition, what differs, rural households
""",
    "policies": """fangpin policies [lang=zh|en] - the shipped policies: names, meaning, what they change
""",
    "sets": """fangpin sets [SET] [lang=zh|en] - the scenario sets; of one set or .yaml file its arms, stresses and outputs
""",
    "groups": """fangpin groups [GROUP] [lang=zh|en] - what a sweep can combine: groups, or one with its options
""",
    "levers": """fangpin levers [key=value ...] - the levers of the five plans as they stand in a place under a policy

  place=nanyang             the place
  policy=documented         the policy
  group=                    only one group, such as health
  grade=                    only levers whose best figure is law, official_statistic, survey_estimate, published_study or
                            assumption; sourced: any but assumption
  kind=                     direct, proxy or context; outside: entries that no plan has
  mechanism=                only levers with an entry of one mechanism, such as price_subsidy
  levers=                   files of levers of your own, separated by commas
  lang=zh                   zh or en
""",
    "explain": """fangpin explain NAME [key=value ...] - all that the files say of a lever or a named value

  NAME                      a lever (dibao), an entry (student_financial_aid.senior), entry.field (dibao.standard),
                            values.poverty_line, tables.admission
  place=nanyang             the place
  policy=documented         the policy; what differs under the others is told too
  levers=                   files of levers of your own, separated by commas
  lang=zh                   zh or en
""",
    "coverage": """fangpin coverage [key=value ...] - a plan clause by clause: levers, targets, or why it is not simulated

  place=                    the plan of one place; all five by default
  lang=zh                   zh or en
""",
    "facts": """fangpin facts [DIR] [key=value ...] - observed figures, and simulated ones beside them

  DIR                       a folder that `fangpin run` wrote; else the newest folder under runs/, else observed figures only
  place=                    the newest results of one place: runs/<place>
  lang=zh                   zh or en
""",
    "goal": """fangpin goal [DIR] [key=value ...] - how likely it is that no large-scale return to poverty happens

  DIR                       a folder that `fangpin run` wrote; else the newest folder under runs/
  place=                    the newest results of one place: runs/<place>
  thresholds=0.5,1,2,3,5    per cent that rates are held against, every year and in all years
  definition=               relapse_registry,relapse_net,relapse_core,relapse_guarantees,falling_net,poor_stock or others of the
                            rates in tables/summary.csv
  lang=zh                   zh or en

Writes tables/goal.csv and charts/goal-<lang>. With fewer than 24 replications nothing can be green.
""",
    "warning": """fangpin warning [DIR] [key=value ...] - how well households at risk are found, and what one more worker brings

  DIR                       a folder that `fangpin run` wrote; else the newest folder under runs/
  place=                    the newest results of one place: runs/<place>
  lang=zh                   zh or en

Writes tables/warning*.csv and charts/warning-<lang>. docs/goal.md says how to compare policies with more or fewer workers.
""",
    "runs": """fangpin runs [DIR] [key=value ...] - which runs of a folder are done, missing, failed, and why

  DIR                       a folder that `fangpin run`, `fangpin sweep` or another command wrote runs to; else the newest one
  all=no                    yes: every run one by one, with its id
  lang=zh                   zh or en
""",
    "targets": """fangpin targets [DIR] [key=value ...] - whether runs keep what a plan commits to, with probabilities

  DIR                       a folder that `fangpin run` wrote; else the newest folder under runs/
  place=                    the newest results of one place: runs/<place>
  plan=                     whose targets; by default the plan of the run's place
  all=no                    yes: targets of other plans as well
  lang=zh                   zh or en

A statement is judged in each replication: with fewer than six nobody can tell. Writes tables/targets.csv into the folder.
""",
    "causes": """fangpin causes [DIR] [key=value ...] - why households fell: causes by the registry's list, chains of events

  DIR                       a folder that `fangpin run` wrote; else the newest folder under runs/
  place=                    the newest results of one place: runs/<place>
  definition=net            gross, net, guarantee, core (guarantees but for insurance) or registry
  group=ex_poor             ex_poor, marginal, other or all
  least=200                 events with an amount are told from so many yuan on
  most=8                    so many chains for each policy
  household=                one household by its id: the chain of each of its falls, month by month and in yuan
  policy=                   with household=: one policy; all by default
  rep=1                     with household=: the replication
  lang=zh                   zh or en

Writes tables/causes.csv, chains.csv and relapses.csv into the folder.
""",
}
"""Help of the commands that look something up."""
