# cron expands nothing, so its PATH=$HOME/bin:$PATH is no path: the usual places come last, and whoever has a PATH
# keeps it.
PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
