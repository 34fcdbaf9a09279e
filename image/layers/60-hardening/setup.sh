rm -f /etc/ssh/ssh_host_*
systemctl disable ssh.socket >/dev/null 2>&1 || true
systemctl enable ssh.service gigbox-keep-log.timer >/dev/null 2>&1
passwd --lock root >/dev/null
find / -xdev -perm /6000 -type f ! -path '/usr/lib/dbus-1.0/*' ! -path '/usr/lib/polkit-1/*' -exec chmod ug-s {} +
