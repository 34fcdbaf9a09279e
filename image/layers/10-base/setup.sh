# In the new root. No password opens anything; names and times are the box's own.
echo gigbox > /etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 gigbox\n::1 localhost\n' > /etc/hosts
: > /etc/machine-id
mkdir -p /data /var/log/kept
ln -sf /run/NetworkManager/resolv.conf /etc/resolv.conf
ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime
systemctl enable gigbox-data.service gigbox-reset.path >/dev/null 2>&1
systemctl mask systemd-update-utmp.service systemd-rfkill.service systemd-rfkill.socket apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
  e2scrub_all.timer getty@.service serial-getty@.service >/dev/null 2>&1
systemctl set-default multi-user.target >/dev/null 2>&1
